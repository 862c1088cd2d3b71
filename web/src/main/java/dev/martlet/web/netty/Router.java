package dev.martlet.web.netty;

import dev.martlet.web.Route;
import dev.martlet.web.transport.Host;
import dev.martlet.web.transport.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what serves a path: an exact one first, then the longest folder of files. */
record Router(Map<String, Target> exact, List<Target.Files> folders) {
    /** What serves a path. */
    sealed interface Target {
        record Get(Route.Handler handler) implements Target {}

        record Socket(Mount mount, Optional<Mount.Acceptor> acceptor) implements Target {}

        record Files(String path, Assets assets) implements Target {}
    }

    /** The router of a running endpoint. */
    static Router open(List<Route> routes, Host host) {
        return of(routes, List.of(host));
    }

    /** @param host none to only check the routes */
    static Router of(List<Route> routes, List<Host> host) {
        var exact = new HashMap<String, Target>();
        var folders = new ArrayList<Target.Files>();
        for (var route : routes) {
            switch (route) {
                case Route.Get(var path, var handler) -> put(exact, path, new Target.Get(handler));
                case Route.Files(var path, var anchor, var prefix) ->
                    folders.add(new Target.Files(path.endsWith("/") ? path : path + "/", new Assets(anchor, prefix)));
                case Mount mount ->
                    put(
                            exact,
                            mount.path() + "/websocket",
                            new Target.Socket(mount, host.stream().findFirst().map(mount::open)));
                default ->
                    throw new IllegalArgumentException("allowed are routes made by Route.get, Route.files and"
                            + " Channels.socket; got: " + route);
            }
        }
        folders.sort(Comparator.comparingInt(folder -> -folder.path().length()));
        for (var i = 1; i < folders.size(); i++) {
            if (folders.get(i).path().equals(folders.get(i - 1).path())) {
                throw twice(folders.get(i).path());
            }
        }
        return new Router(Map.copyOf(exact), List.copyOf(folders));
    }

    private static void put(Map<String, Target> exact, String path, Target target) {
        if (exact.put(path, target) != null) {
            throw twice(path);
        }
    }

    private static IllegalArgumentException twice(String path) {
        return new IllegalArgumentException("two routes for the path " + path + "; give one of them another");
    }

    Optional<Target> find(String path) {
        Target found = exact.get(path);
        if (found != null) {
            return Optional.of(found);
        }
        return folders.stream()
                .filter(folder -> path.startsWith(folder.path()))
                .findFirst()
                .map(folder -> folder);
    }
}
