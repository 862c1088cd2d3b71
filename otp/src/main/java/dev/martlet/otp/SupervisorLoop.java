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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process around a {@link Supervisor}. */
final class SupervisorLoop implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisorLoop.class);

    record Ready() {}

    record Which() {}

    record Add(Child child) {}

    record Terminate(String id) {}

    record Restart(String id) {}

    record Shutdown() {}

    /** The wait of a child, for its restart or its probe, is over. */
    private record Due(ChildProcess child) {}

    /** The start of a child has failed, which counts as one more end of it. */
    private record Retry(ChildProcess child) {}

    private final Supervisor spec;
    private final Restarts restarts;
    private final List<ChildProcess> children = new ArrayList<>();
    private final Map<Pid, ChildProcess> byPid = new HashMap<>();

    SupervisorLoop(Supervisor spec) {
        this.spec = spec;
        this.restarts = new Restarts(spec.maxRestarts, spec.period);
    }

    /** Waits until the children are started. There is no limit here: each child has its own. */
    static void awaitReady(Pid pid) {
        try {
            Proc.call(pid, new Ready(), Duration.ofSeconds(Long.MAX_VALUE));
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
        spec.children.forEach(child -> children.add(new ChildProcess(child)));
        for (var child : children) {
            try {
                start(child);
            } catch (StartFailed e) {
                stopInReverse(children);
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
            case Due(var child) when child.isWaiting() && children.contains(child) -> startAgain(child);
            case Retry(var child) when child.isWaiting() && children.contains(child) -> bringBack(child);
            case Due(var _), Retry(var _) -> {} // terminated or restarted by hand meanwhile
            default -> LOG.warn("Supervisor {} got a message it does not know: {}", Proc.self(), message);
        }
    }

    @Override
    public void request(Object message, Caller caller) {
        switch (message) {
            case Ready() -> caller.reply(true);
            case Which() -> caller.reply(which());
            case Add(var child) -> caller.reply(add(child));
            case Terminate(var id) -> caller.reply(terminate(id));
            case Restart(var id) -> caller.reply(restart(id));
            case Shutdown() -> throw Proc.exit(ExitReason.SHUTDOWN);
            default -> throw new IllegalArgumentException("not a request to a supervisor: " + message);
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        stopInReverse(children);
    }

    private List<SupervisorRef.Status> which() {
        var now = Node.current().nanos();
        return children.stream()
                .map(c -> new SupervisorRef.Status(c.spec.id(), Optional.ofNullable(c.pid), c.state(now)))
                .toList();
    }

    // ---- starting --------------------------------------------------------------------------------------------

    private Pid start(ChildProcess child) {
        var pid = child.start();
        byPid.put(pid, child);
        return pid;
    }

    private Object add(Child spec) {
        if (find(spec.id()).isPresent()) {
            return new IllegalArgumentException("there is a child with the id " + spec.id() + " already");
        }
        try {
            this.spec.check(spec);
            var child = new ChildProcess(spec);
            var pid = start(child);
            children.add(child);
            return pid;
        } catch (StartFailed | IllegalArgumentException e) {
            return e;
        }
    }

    private Object restart(String id) {
        var child = find(id).orElse(null);
        if (child == null) {
            return new IllegalArgumentException("there is no child with the id " + id);
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

    private Optional<ChildProcess> find(String id) {
        return children.stream().filter(c -> c.spec.id().equals(id)).findFirst();
    }

    // ---- a child has ended -----------------------------------------------------------------------------------

    private void ended(ChildProcess child, ExitReason reason) {
        child.ended(reason);
        if (child.spec.restart().after(reason)) {
            bringBack(child);
            return;
        }
        child.stopped();
        if (child.spec.restart() == Child.Restart.TEMPORARY) {
            children.remove(child);
        }
        var shutDown = switch (spec.autoShutdown) {
            case NEVER -> false;
            case ANY_SIGNIFICANT -> child.spec.policy().significant();
            case ALL_SIGNIFICANT ->
                child.spec.policy().significant()
                        && children.stream()
                                .noneMatch(
                                        c -> c.spec.policy().significant() && c.state != SupervisorRef.State.STOPPED);
        };
        if (shutDown) {
            throw Proc.exit(ExitReason.SHUTDOWN);
        }
    }

    private void bringBack(ChildProcess child) {
        switch (child.verdict(restarts)) {
            case Verdict.Restart(var wait) -> {
                stopInReverse(together(child));
                if (wait.isZero()) {
                    startAgain(child);
                } else {
                    child.later(wait, SupervisorRef.State.RESTARTING, new Due(child));
                }
            }
            case Verdict.SetAside(var probe) -> child.later(probe, SupervisorRef.State.QUARANTINED, new Due(child));
            case Verdict.GiveUp(var why) -> throw Proc.exit(new ExitReason.Shutdown(why));
        }
    }

    /** Those that are restarted with a child, itself included, in the order they are started. */
    private List<ChildProcess> together(ChildProcess child) {
        return switch (spec.strategy) {
            case ONE_FOR_ONE -> List.of(child);
            case REST_FOR_ONE -> List.copyOf(children.subList(children.indexOf(child), children.size()));
            case ONE_FOR_ALL -> List.copyOf(children);
        };
    }

    private void startAgain(ChildProcess child) {
        for (var each : together(child)) {
            // As in OTP a sibling that is temporary does not come back with the others.
            if (each != child && each.spec.restart() == Child.Restart.TEMPORARY) {
                children.remove(each);
                continue;
            }
            if (each.pid != null) {
                continue; // added or restarted by hand while its group waited
            }
            try {
                start(each);
            } catch (StartFailed e) {
                LOG.error("Restart of {} failed: {}", each.spec.id(), e.getMessage());
                // A message, so that others get their turn; it counts as one more restart, so it ends some time.
                each.failedToStart(e.reason(), new Retry(each));
                return;
            }
        }
    }

    // ---- stopping --------------------------------------------------------------------------------------------

    private boolean terminate(String id) {
        var child = find(id);
        child.ifPresent(c -> stopInReverse(List.of(c)));
        child.filter(c -> c.spec.restart() == Child.Restart.TEMPORARY).ifPresent(children::remove);
        return child.isPresent();
    }

    /** One after the other, the last first; their exits are expected and mean nothing any more. */
    private void stopInReverse(List<ChildProcess> some) {
        for (var child : List.copyOf(some).reversed()) {
            if (child.pid != null) {
                byPid.remove(child.pid);
            }
            ChildProcess.stop(List.of(child));
        }
    }
}
