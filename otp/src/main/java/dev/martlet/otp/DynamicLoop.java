package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process around a {@link DynamicSupervisor}. */
final class DynamicLoop implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicLoop.class);

    record Start(Child child) {}

    record Terminate(Pid child) {}

    record Which() {}

    record Count() {}

    record Stop(ExitReason reason) {}

    /** See {@link SupervisorLoop}. */
    private record Due(ChildProcess child) {}

    private record Retry(ChildProcess child) {}

    private final DynamicSupervisor spec;
    private final Restarts restarts;
    private final Map<Pid, ChildProcess> running = new HashMap<>();

    /** For its restart or its probe. */
    private final Set<ChildProcess> waiting = new HashSet<>();

    DynamicLoop(DynamicSupervisor spec) {
        this.spec = spec;
        this.restarts = new Restarts(spec.maxRestarts, spec.period);
    }

    @Override
    public void started() {
        Proc.trapExit(true);
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Exit(var from, var reason) -> {
                var child = running.remove(from);
                if (child != null) {
                    ended(child, reason);
                }
            }
            case Due(var child) when waiting.contains(child) -> startAgain(child);
            case Retry(var child) when waiting.contains(child) -> bringBack(child);
            case Due(var _), Retry(var _) -> {} // terminated meanwhile
            case Stop(var reason) -> throw Proc.exit(reason);
            default -> LOG.warn("Dynamic supervisor {} got a message it does not know: {}", spec.name, message);
        }
    }

    @Override
    public void request(Object message, Caller caller) {
        caller.reply(
                switch (message) {
                    case Start(var child) -> start(child);
                    case Terminate(var child) -> terminate(child);
                    case Which() -> which();
                    case Count() -> running.size() + waiting.size();
                    default -> throw new IllegalArgumentException("not a request to a supervisor: " + message);
                });
    }

    private Object start(Child spec) {
        if (running.size() + waiting.size() >= this.spec.maxChildren) {
            return new DynamicSupervisor.TooManyChildren(this.spec.name, this.spec.maxChildren);
        }
        var child = new ChildProcess(spec);
        try {
            var pid = child.start();
            running.put(pid, child);
            return pid;
        } catch (StartFailed e) {
            return e;
        }
    }

    private boolean terminate(Pid pid) {
        var child = running.remove(pid);
        if (child != null) {
            ChildProcess.stop(List.of(child));
        }
        return child != null;
    }

    private List<SupervisorRef.Status> which() {
        var now = Node.current().nanos();
        var all = new ArrayList<SupervisorRef.Status>(running.size() + waiting.size());
        running.values().forEach(c -> all.add(status(c, now)));
        waiting.forEach(c -> all.add(status(c, now)));
        return all;
    }

    private static SupervisorRef.Status status(ChildProcess child, long now) {
        return new SupervisorRef.Status(child.spec.id(), Optional.ofNullable(child.pid), child.state(now));
    }

    private void ended(ChildProcess child, ExitReason reason) {
        child.ended(reason);
        if (child.spec.restart().after(reason)) {
            waiting.add(child);
            bringBack(child);
        }
    }

    private void bringBack(ChildProcess child) {
        switch (child.verdict(restarts)) {
            case Verdict.Restart(var wait) when wait.isZero() -> startAgain(child);
            case Verdict.Restart(var wait) -> child.later(wait, SupervisorRef.State.RESTARTING, new Due(child));
            case Verdict.SetAside(var probe) -> child.later(probe, SupervisorRef.State.QUARANTINED, new Due(child));
            case Verdict.GiveUp(var why) -> throw Proc.exit(new ExitReason.Shutdown(why));
        }
    }

    private void startAgain(ChildProcess child) {
        try {
            running.put(child.start(), child);
            waiting.remove(child);
        } catch (StartFailed e) {
            LOG.error("Restart of {} failed: {}", child.spec.id(), e.getMessage());
            child.failedToStart(e.reason(), new Retry(child));
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        ChildProcess.stop(running.values());
    }
}
