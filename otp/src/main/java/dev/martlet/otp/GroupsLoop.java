package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The process behind {@link ProcessGroups}: the only one that changes them. */
final class GroupsLoop<G> implements Receiver {
    record Join<G>(G group, List<Pid> pids) {}

    record Leave<G>(G group, List<Pid> pids) {}

    record Monitor<G>(G group, Pid watcher) {}

    record Demonitor<G>(G group, Pid watcher) {}

    private final String scope;
    private final Groups<G, Integer> groups;
    private final Owned<G> owned;

    /** Who wants to know of a group, and of which groups one wants to know. */
    private final Map<G, Set<Pid>> watchers = new HashMap<>();

    private final Map<Pid, Set<G>> watched = new HashMap<>();

    GroupsLoop(String scope, Groups<G, Integer> groups, Owned<G> owned) {
        this.scope = scope;
        this.groups = groups;
        this.owned = owned;
    }

    static <G> List<Pid> members(Groups<G, Integer> groups, G group) {
        var members = new ArrayList<Pid>();
        groups.of(group).forEach((pid, times) -> {
            if (pid.isAlive()) {
                members.addAll(Collections.nCopies(times, pid));
            }
        });
        return members;
    }

    @Override
    public void started() {
        owned.pids().forEach(Proc::monitor);
    }

    @Override
    public void receive(Object message) {
        if (message instanceof Down(var _, var pid, var _)) {
            unwatch(pid);
            for (var group : owned.forget(pid)) {
                var times = groups.of(group).getOrDefault(pid, 0);
                groups.change(group, pid, _ -> null);
                tell(group, new ProcessGroups.Left(scope, group, Collections.nCopies(times, pid)));
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked") // only ProcessGroups asks, with its own G
    public void request(Object message, Caller caller) {
        switch (message) {
            case Join<?> join -> caller.reply(join((Join<G>) join));
            case Leave<?> leave -> caller.reply(leave((Leave<G>) leave));
            case Monitor<?> monitor -> caller.reply(monitor((Monitor<G>) monitor));
            case Demonitor<?>(var group, var watcher) -> caller.reply(demonitor((G) group, watcher));
            default -> throw new IllegalArgumentException("not a request to a scope: " + message);
        }
    }

    private boolean join(Join<G> join) {
        for (var pid : join.pids) {
            groups.change(join.group, pid, times -> times == null ? 1 : times + 1);
            if (owned.add(pid, join.group)) {
                Proc.monitor(pid);
            }
        }
        tell(join.group, new ProcessGroups.Joined(scope, join.group, join.pids));
        return true;
    }

    private boolean leave(Leave<G> leave) {
        var left = new ArrayList<Pid>();
        for (var pid : leave.pids) {
            groups.change(leave.group, pid, times -> {
                if (times != null) {
                    left.add(pid);
                }
                return times == null || times == 1 ? null : times - 1;
            });
            if (!groups.of(leave.group).containsKey(pid)) {
                owned.remove(pid, leave.group);
            }
        }
        if (!left.isEmpty()) {
            tell(leave.group, new ProcessGroups.Left(scope, leave.group, List.copyOf(left)));
        }
        return !left.isEmpty();
    }

    private List<Pid> monitor(Monitor<G> monitor) {
        watchers.computeIfAbsent(monitor.group, _ -> new HashSet<>()).add(monitor.watcher);
        watched.computeIfAbsent(monitor.watcher, pid -> {
                    Proc.monitor(pid);
                    return new HashSet<>();
                })
                .add(monitor.group);
        return members(groups, monitor.group);
    }

    private boolean demonitor(G group, Pid watcher) {
        var groupsOfIt = watched.get(watcher);
        if (groupsOfIt == null || !groupsOfIt.remove(group)) {
            return false;
        }
        forgetWatcher(group, watcher);
        return true;
    }

    private void unwatch(Pid pid) {
        var mine = watched.remove(pid);
        if (mine != null) {
            mine.forEach(group -> forgetWatcher(group, pid));
        }
    }

    private void forgetWatcher(G group, Pid watcher) {
        watchers.computeIfPresent(group, (_, all) -> {
            all.remove(watcher);
            return all.isEmpty() ? null : all;
        });
    }

    private void tell(G group, Object change) {
        for (var watcher : watchers.getOrDefault(group, Set.of())) {
            Proc.offer(watcher, change); // one that is full does not hold up the scope; the kernel counts it
        }
    }
}
