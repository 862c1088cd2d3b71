package dev.martlet.stress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Makes random programs whose observations Erlang determines. To that end
 *
 * <ul>
 *   <li>a process gets at most one name, as Erlang demands ({@code w7} only ever n1 = 7 mod 3);
 *   <li>links from outside lead to at most one child of a supervisor, and to none of a supervisor that a worker started
 *       or that is stopped from above: else a supervisor hears of two ends at once, in no order;
 *   <li>supervisors themselves are linked with their starter only.
 * </ul>
 *
 * Operations on processes that have ended, or never lived, are part of it; but a rough guess at who lives keeps most
 * programs from ending early.
 */
final class Generator {
    private static final List<String> REASONS =
            List.of("normal", "shutdown", "kill", "boom", "bang", "shutdown:done", "normal", "boom", "kill");
    private static final int NAMES = 3;

    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> workers = new ArrayList<>();
    private final List<String> sups = new ArrayList<>();
    private final Map<String, List<String>> children = new HashMap<>();
    private final Set<String> linkable = new HashSet<>();
    private final Guess guess = new Guess();
    private int monitorCount;

    private Generator(long seed) {
        this.random = new Random(seed);
    }

    /** The program of that seed; {@code size} is about its number of steps. */
    static Program program(long seed, int size) {
        var generator = new Generator(seed);
        generator.make(size);
        return new Program(seed, List.copyOf(generator.steps));
    }

    private void make(int size) {
        var first = 2 + random.nextInt(3);
        for (var i = 0; i < first; i++) {
            spawn("d");
        }
        var supervised = random.nextInt(3) > 0;
        if (supervised) {
            supervisor("d");
        }
        for (var i = 0; i < size; i++) {
            if (supervised && random.nextInt(5) == 0) {
                supervision();
            } else {
                operation();
            }
        }
        reveal();
    }

    /** Who was linked with whom, and who monitors whom, shows when one after the other is killed. */
    private void reveal() {
        var order = candidates().stream()
                .filter(id -> guess.alive(id) || random.nextInt(10) == 0)
                .toList();
        for (var id : order) {
            add(id, "trap", "true");
        }
        sups.forEach(sup -> add("d", "children", sup));
        if (random.nextBoolean()) {
            order = order.reversed();
        }
        for (var id : order) {
            add(id, "drain");
            add("d", "exit2", id, "kill");
        }
        sups.forEach(sup -> add("d", "exit2", sup, "kill"));
    }

    // ---- one step --------------------------------------------------------------------------------------------

    private void operation() {
        if (workers.stream().filter(guess::alive).count() < 2 + random.nextInt(4)) {
            spawn(random.nextBoolean() ? "d" : actor());
            return;
        }
        var actor = actor();
        switch (random.nextInt(36)) {
            case 0, 1 -> spawn(actor);
            case 2, 3, 4, 5 -> link(actor);
            case 6 -> unlink(actor);
            case 7, 8, 9, 10 -> monitor(actor);
            case 11, 12 -> add(actor, "demonitor", monitorOf(actor));
            case 13, 14, 15, 16 -> trap(actor);
            case 17 -> {
                var reason = pick(List.of("normal", "shutdown", "boom", "killed", "noproc"));
                add(actor, "exit", reason);
                guess.end(actor, reason);
            }
            case 18 -> {
                add(actor, "crash", pick(List.of("foo", "bar")));
                guess.end(actor, "crash");
            }
            case 19, 20, 21 -> exitOther(actor);
            case 22, 23, 24 -> send(actor);
            case 25 -> {
                var to = target();
                var reason = pick(List.of("normal", "boom", "shutdown"));
                add(actor, "sendexit", to, "2", reason);
                guess.message(actor, to);
                guess.end(actor, reason);
            }
            case 26, 27, 28, 29 -> receive(actor);
            case 30 -> add(random.nextInt(3) == 0 ? "d" : actor, "alive", target());
            case 31 -> {
                add(actor, "drain");
                guess.drained(actor);
            }
            default -> name(random.nextInt(3) == 0 ? "d" : actor);
        }
    }

    private void spawn(String actor) {
        var id = "w" + workers.size();
        workers.add(id);
        var link = !actor.equals("d") && mayLink(actor) && random.nextBoolean();
        add(actor, "spawn", id, kind(), link ? "link" : "plain");
        if (link) {
            guess.link(actor, id);
        }
    }

    private void link(String actor) {
        if (mayLink(actor)) {
            var other = linkTarget();
            add(actor, "link", other);
            guess.link(actor, other);
        }
    }

    private void unlink(String actor) {
        var other = linked(actor);
        add(actor, "unlink", other);
        guess.unlink(actor, other);
    }

    private String linked(String actor) {
        var others = guess.links(actor);
        return others.isEmpty() || random.nextInt(6) == 0 ? linkTarget() : pick(others);
    }

    private void monitor(String actor) {
        var other = random.nextInt(6) == 0 && !sups.isEmpty() ? pick(sups) : target();
        if (!other.equals(actor)) {
            var name = "m" + monitorCount++;
            add(actor, "monitor", other, name);
            guess.monitor(actor, other, name);
        }
    }

    private String monitorOf(String actor) {
        var own = guess.monitors(actor);
        return own.isEmpty() ? "m0" : pick(own);
    }

    private void trap(String actor) {
        var on = random.nextInt(4) > 0;
        add(actor, "trap", Boolean.toString(on));
        guess.trap(actor, on);
    }

    private void exitOther(String actor) {
        var by = random.nextInt(3) == 0 ? "d" : actor;
        var other = random.nextInt(8) == 0 ? actor : target();
        var reason = pick(REASONS);
        add(by, "exit2", other, reason);
        guess.exit(by, other, reason);
    }

    private void send(String actor) {
        var by = random.nextInt(5) == 0 ? "d" : actor;
        var to = target();
        add(by, "send", to, Integer.toString(1 + random.nextInt(3)));
        guess.message(by, to);
    }

    private void receive(String actor) {
        var inbox = guess.inbox(actor);
        if (!inbox.isEmpty() && random.nextInt(8) > 0) {
            var what = pick(inbox);
            guess.received(actor, what);
            if (what.startsWith("from") && random.nextBoolean()) {
                add(actor, "recv", "msg");
            } else {
                add(actor, "recv", what.split(" ", -1));
            }
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> add(actor, "recv", "msg");
            case 1 -> add(actor, "recv", "from", target());
            case 2 -> add(actor, "recv", "exit", linked(actor));
            default -> add(actor, "recv", "down", monitorOf(actor));
        }
    }

    private void name(String actor) {
        var named = workers.stream().filter(guess::alive).toList();
        var other = named.isEmpty() ? pick(workers) : pick(named);
        var name = "n" + Integer.parseInt(other.substring(1)) % NAMES;
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> add(actor, "register", name, other);
            case 3 -> add(actor, random.nextInt(3) == 0 ? "unregister" : "whereis", name);
            default -> add(actor, "sendname", name);
        }
    }

    // ---- supervisors -----------------------------------------------------------------------------------------

    private void supervision() {
        var sup = pick(sups);
        var own = children.getOrDefault(sup, List.of());
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                var child = pick(own);
                add(child, "crash", "foo");
                guess.end(child, "crash");
            }
            case 3, 4 -> {
                var child = pick(own);
                var reason = pick(List.of("normal", "shutdown", "boom", "shutdown:done"));
                add(child, "exit", reason);
                guess.end(child, reason);
            }
            case 5, 6 -> {
                var child = pick(own);
                var reason = pick(REASONS);
                add("d", "exit2", child, reason);
                guess.exit("d", child, reason);
            }
            case 7, 8 -> add(pick(own), "trap", "true");
            case 9 -> add("d", "terminate", sup, pick(own));
            case 10 -> add("d", "restart", sup, pick(own));
            case 11 -> add("d", "children", sup);
            case 12 -> startChild(sup);
            default -> {
                if (sups.size() < 3) {
                    supervisor(random.nextInt(3) == 0 ? worker() : "d");
                } else {
                    add(random.nextBoolean() ? "d" : worker(), "exit2", sup, pick(REASONS));
                }
            }
        }
    }

    private void supervisor(String actor) {
        var id = "s" + sups.size();
        sups.add(id);
        var own = new ArrayList<String>();
        children.put(id, own);
        var args = new ArrayList<String>();
        args.add(id);
        args.add(pick(List.of("one_for_one", "rest_for_one", "one_for_all")));
        args.add(Integer.toString(pick(List.of(0, 1, 2, 3, 5, 8))));
        var count = 1 + random.nextInt(4);
        for (var i = 0; i < count; i++) {
            // A worker whose supervisor cannot start ends of it, in Erlang with a shutdown, in Martlet with a crash;
            // its own
            // supervisor would see the difference. (Differential names it.)
            args.add(child(id, !actor.equals("d") || random.nextInt(20) > 0));
        }
        if (actor.equals("d")) {
            linkable.add(pick(own));
        }
        steps.add(new Step(actor, "sup", List.copyOf(args)));
    }

    private void startChild(String sup) {
        if (random.nextInt(5) == 0) {
            add(
                    "d",
                    "startchild",
                    sup,
                    pick(children.getOrDefault(sup, List.of())) + ":permanent:body:wait:-"); // taken
        } else {
            add("d", "startchild", sup, child(sup, random.nextBoolean()));
        }
    }

    private String child(String sup, boolean startsAtFirst) {
        var own = children.getOrDefault(sup, List.of());
        var id = sup + "c" + own.size();
        own.add(id);
        var fails = random.nextInt(4) > 0 ? "-" : !startsAtFirst ? "1" : pick(List.of("2", "2,3", "3", "2,4"));
        return String.join(
                ":",
                id,
                pick(List.of("permanent", "permanent", "transient", "temporary")),
                kind(),
                random.nextInt(4) == 0 ? "brutal" : "wait",
                fails);
    }

    // ---- choices ---------------------------------------------------------------------------------------------

    private String kind() {
        return random.nextInt(3) == 0 ? "server" : "body";
    }

    /** Workers and children. */
    private List<String> candidates() {
        var all = new ArrayList<>(workers);
        sups.forEach(sup -> all.addAll(children.getOrDefault(sup, List.of())));
        return all;
    }

    private String worker() {
        return living(workers);
    }

    private String actor() {
        return living(candidates());
    }

    private String target() {
        return living(candidates());
    }

    private String linkTarget() {
        return living(candidates().stream().filter(this::mayLink).toList());
    }

    private boolean mayLink(String id) {
        return id.startsWith("w") || linkable.contains(id);
    }

    private String living(List<String> ids) {
        var living = ids.stream().filter(guess::alive).toList();
        return pick(living.isEmpty() || random.nextInt(10) == 0 ? ids : living);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void add(String actor, String verb, String... args) {
        steps.add(Step.of(actor, verb, args));
    }
}
