package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The process around a {@link Supervisor}. */
final class SupervisorLoop implements Receiver {
    record Ready() {}

    record Which() {}

    record Add(Child child) {}

    record Terminate(String id) {}

    record Delete(String id) {}

    record Restart(String id) {}

    record Shutdown() {}

    /** The wait of a child, for its restart or its probe, is over. */
    private record Due(ChildProcess child) {}

    /** The start of a child has failed, which counts as one more end of it. */
    private record Retry(ChildProcess child) {}

    private final Supervisor spec;
    private final Restarts restarts;
    private final SupervisorLog log = new SupervisorLog();

    /** By id, in the order they are started. */
    private final LinkedHashMap<String, ChildProcess> children = new LinkedHashMap<>();

    private final Map<Pid, ChildProcess> byPid = new HashMap<>();

    SupervisorLoop(Supervisor spec) {
        this.spec = spec;
        this.restarts = new Restarts(spec.maxRestarts, spec.period);
    }

    /** Waits until the children are started. There is no limit here: each child has its own. */
    static void awaitReady(Pid pid) {
        try {
            Proc.call(pid, new Ready(), SupervisorRef.FOR_EVER);
        } catch (CallFailed.Exited e) {
            var reason = Proc.awaitExit(pid, Duration.ZERO).orElse(e.reason());
            throw reason instanceof ExitReason.Crashed(StartFailed failed)
                    ? failed
                    : new StartFailed("Supervisor", reason);
        }
    }

    @Override
    public void started() {
        Proc.trapExit(true);
        spec.children.forEach(child -> children.put(child.id(), new ChildProcess(child)));
        for (var child : children.values()) {
            try {
                start(child);
            } catch (StartFailed e) {
                stopInReverse(all());
                throw e;
            }
        }
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Exit(var from, var reason) -> {
                var child = byPid.remove(from);
                if (child != null) {
                    ended(child, reason);
                }
            }
            case Due(var child) when waits(child) -> startAgain(child);
            case Retry(var child) when waits(child) -> bringBack(child);
            case Due(var _), Retry(var _) -> {} // terminated, deleted or restarted by hand meanwhile
            default -> log.unknown(message);
        }
    }

    private boolean waits(ChildProcess child) {
        return child.isWaiting() && children.get(child.spec.id()) == child;
    }

    @Override
    public void request(Object message, Caller caller) {
        switch (message) {
            case Ready() -> caller.reply(true);
            case Which() -> caller.reply(which());
            case Add(var child) -> caller.reply(add(child));
            case Terminate(var id) -> caller.reply(terminate(id));
            case Delete(var id) -> caller.reply(delete(id));
            case Restart(var id) -> caller.reply(restart(id));
            case Shutdown() -> throw Proc.exit(ExitReason.SHUTDOWN);
            default -> throw new IllegalArgumentException("not a request to a supervisor: " + message);
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        stopInReverse(all());
    }

    private List<SupervisorRef.Status> which() {
        var now = Node.current().nanos();
        return children.values().stream().map(c -> c.status(now)).toList();
    }

    private List<ChildProcess> all() {
        return List.copyOf(children.values());
    }

    // ---- starting --------------------------------------------------------------------------------------------

    private Pid start(ChildProcess child) {
        var pid = child.start();
        byPid.put(pid, child);
        return pid;
    }

    private Object add(Child spec) {
        try {
            this.spec.check(spec);
            if (children.containsKey(spec.id())) {
                return new IllegalArgumentException("there is a child with the id " + spec.id()
                        + " already; give this one another, child(…).id(\"…\"), or restart that by restartChild");
            }
            var child = new ChildProcess(spec);
            var pid = start(child);
            children.put(spec.id(), child);
            return pid;
        } catch (StartFailed | IllegalArgumentException e) {
            return e;
        }
    }

    private Object restart(String id) {
        var child = children.get(id);
        if (child == null) {
            return new IllegalArgumentException("there is no child with the id " + id + "; there are "
                    + children.keySet() + ". A temporary child is forgotten when it ends: start it by startChild");
        }
        if (child.pid != null) {
            return new IllegalArgumentException("the child " + id + " is running, as " + child.pid);
        }
        try {
            return start(child);
        } catch (StartFailed e) {
            return e;
        }
    }

    // ---- a child has ended -----------------------------------------------------------------------------------

    private void ended(ChildProcess child, ExitReason reason) {
        child.ended(reason);
        if (child.spec.restart().after(reason)) {
            bringBack(child);
            return;
        }
        child.stopped();
        forgetIfTemporary(child);
        if (child.spec.policy().significant() && endsAll()) {
            throw Proc.exit(ExitReason.SHUTDOWN);
        }
    }

    private boolean endsAll() {
        return switch (spec.autoShutdown) {
            case NEVER -> false;
            case ANY_SIGNIFICANT -> true;
            case ALL_SIGNIFICANT ->
                children.values().stream().noneMatch(c -> c.spec.policy().significant() && !c.isStopped());
        };
    }

    private void forgetIfTemporary(ChildProcess child) {
        if (child.spec.restart() == Child.Restart.TEMPORARY) {
            children.remove(child.spec.id());
        }
    }

    private void bringBack(ChildProcess child) {
        switch (child.verdict(restarts, log)) {
            case Verdict.Restart(var wait) -> {
                var group = together(child);
                stopInReverse(group);
                // As in OTP a sibling that is temporary does not come back with the others.
                group.stream().filter(each -> each != child).forEach(this::forgetIfTemporary);
                if (wait.isZero()) {
                    startAgain(child);
                } else {
                    group.forEach(ChildProcess::waitsForSibling);
                    child.later(wait, SupervisorRef.State.RESTARTING, new Due(child));
                }
            }
            case Verdict.SetAside(var probe) -> child.later(probe, SupervisorRef.State.QUARANTINED, new Due(child));
            case Verdict.GiveUp(var why) -> throw Proc.exit(new ExitReason.Shutdown(why));
        }
    }

    /** Those that are restarted with a child, itself included, in the order they are started. */
    private List<ChildProcess> together(ChildProcess child) {
        if (spec.strategy == Supervisor.Strategy.ONE_FOR_ONE) {
            return List.of(child);
        }
        var group = new ArrayList<ChildProcess>();
        for (var each : children.values()) {
            if (each == child || !group.isEmpty() || spec.strategy == Supervisor.Strategy.ONE_FOR_ALL) {
                group.add(each);
            }
        }
        return group;
    }

    private void startAgain(ChildProcess child) {
        for (var each : together(child)) {
            if (each.pid != null) {
                continue; // added or restarted by hand while its group waited
            }
            try {
                start(each);
            } catch (StartFailed e) {
                log.startFailed(e);
                // A message, so that others get their turn; it counts as one more restart, so it ends some time.
                each.failedToStart(e, new Retry(each));
                return;
            }
        }
    }

    // ---- stopping --------------------------------------------------------------------------------------------

    private boolean terminate(String id) {
        var child = children.get(id);
        if (child == null) {
            return false;
        }
        var group = child.isWaiting() ? together(child) : List.<ChildProcess>of();
        stopInReverse(List.of(child));
        forgetIfTemporary(child);
        // Those that waited for it do so no longer.
        group.stream()
                .filter(each -> each != child && each.isWaiting())
                .findFirst()
                .ifPresent(this::startAgain);
        return true;
    }

    private Object delete(String id) {
        var child = children.get(id);
        if (child != null && !child.isStopped()) {
            return new IllegalArgumentException("the child " + id + " is "
                    + child.status(0).state() + "; only one that is stopped can be deleted: call terminateChild first");
        }
        return children.remove(id) != null;
    }

    /** One after the other, the last first; their exits are expected and mean nothing any more. */
    private void stopInReverse(List<ChildProcess> some) {
        for (var child : some.reversed()) {
            if (child.pid != null) {
                byPid.remove(child.pid);
            }
            ChildProcess.stop(List.of(child));
        }
    }
}
