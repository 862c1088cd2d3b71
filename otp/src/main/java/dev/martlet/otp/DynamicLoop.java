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
import java.util.List;
import java.util.Map;

/** The process around a {@link DynamicSupervisor}. */
final class DynamicLoop implements Receiver {
    record Start(Child child) {}

    record Terminate(Pid child) {}

    record Which() {}

    record Count() {}

    record Stop(ExitReason reason) {}

    /** See {@link SupervisorLoop}. */
    private record Due(Pid before, ChildProcess child) {}

    private record Retry(Pid before, ChildProcess child) {}

    private final DynamicSupervisor spec;
    private final Restarts restarts;
    private final SupervisorLog log = new SupervisorLog();
    private final Map<Pid, ChildProcess> running = new HashMap<>();

    /** For its restart or its probe; by the pid it had. */
    private final Map<Pid, ChildProcess> waiting = new HashMap<>();

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
                    ended(from, child, reason);
                }
            }
            case Due(var before, var child) when waiting.containsKey(before) -> startAgain(before, child);
            case Retry(var before, var child) when waiting.containsKey(before) -> bringBack(before, child);
            case Due _, Retry _ -> {} // terminated meanwhile
            case Stop(var reason) -> throw Proc.exit(reason);
            default -> log.unknown(message);
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
        if (spec.policy().significant()) {
            return new IllegalArgumentException("significant children are for a Supervisor; got: " + spec.id());
        }
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
        if (child == null) {
            child = waiting.remove(pid);
        }
        if (child != null) {
            ChildProcess.stop(List.of(child));
        }
        return child != null;
    }

    private List<SupervisorRef.Status> which() {
        var now = Node.current().nanos();
        var all = new ArrayList<SupervisorRef.Status>(running.size() + waiting.size());
        running.values().forEach(c -> all.add(c.status(now)));
        waiting.values().forEach(c -> all.add(c.status(now)));
        return all;
    }

    private void ended(Pid pid, ChildProcess child, ExitReason reason) {
        child.ended(reason);
        if (child.spec.restart().after(reason)) {
            waiting.put(pid, child);
            bringBack(pid, child);
        }
    }

    private void bringBack(Pid before, ChildProcess child) {
        switch (child.verdict(restarts, log)) {
            case Verdict.Restart(var wait) when wait.isZero() -> startAgain(before, child);
            case Verdict.Restart(var wait) -> child.later(wait, SupervisorRef.State.RESTARTING, new Due(before, child));
            case Verdict.SetAside(var probe) ->
                child.later(probe, SupervisorRef.State.QUARANTINED, new Due(before, child));
            case Verdict.GiveUp(var why) -> throw Proc.exit(new ExitReason.Shutdown(why));
        }
    }

    private void startAgain(Pid before, ChildProcess child) {
        try {
            running.put(child.start(), child);
            waiting.remove(before);
        } catch (StartFailed e) {
            log.startFailed(e);
            child.failedToStart(e, new Retry(before, child));
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        waiting.values().forEach(ChildProcess::stopped);
        ChildProcess.stop(running.values());
    }
}
