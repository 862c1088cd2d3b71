package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.ProcessExit;
import dev.martlet.kernel.Spawn;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One child of a supervisor of either kind: its specification and, while it runs, its process. */
final class ChildProcess {
    final Child spec;
    private final @Nullable Restarts crashes;

    @Nullable
    Pid pid;

    private SupervisorRef.State state = SupervisorRef.State.STOPPED;

    /** Why it ended last. */
    private ExitReason last = ExitReason.NORMAL;

    private @Nullable Timer timer;
    private int restartsInARow;
    private long startedAt;

    ChildProcess(Child spec) {
        this.spec = spec;
        this.crashes = spec.policy()
                .quarantine()
                .map(q -> new Restarts(q.crashes(), q.within()))
                .orElse(null);
    }

    /** Starts it and waits until it is ready, within its limit. If that fails it is as it was. */
    Pid start() {
        var labelled = Spawn.DEFAULT.linkedOrderly().label(spec.id());
        var spawn = spec.name().isPresent() ? labelled.named(spec.name().get()) : labelled;
        try {
            var started = start(spawn);
            settle();
            pid = started;
            startedAt = Node.current().nanos();
            var probing = state == SupervisorRef.State.QUARANTINED;
            state = probing ? SupervisorRef.State.PROBING : SupervisorRef.State.RUNNING;
            return started;
        } catch (StartFailed | ProcessExit e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            throw new StartFailed("child " + spec.id(), new ExitReason.Crashed(e));
        }
    }

    private Pid start(Spawn spawn) throws Exception {
        var limit = spec.policy().startWithin();
        if (limit.equals(Child.Policy.DEFAULT.startWithin()) && !ServerLoop.START_WITHIN.isBound()) {
            return spec.start().start(spawn);
        }
        return ScopedValue.where(ServerLoop.START_WITHIN, limit)
                .call(() -> spec.start().start(spawn));
    }

    /** The state now: a probe that has lived long enough is simply running. */
    SupervisorRef.State state(long now) {
        if (state == SupervisorRef.State.PROBING && provedWell(now)) {
            state = SupervisorRef.State.RUNNING;
        }
        return state;
    }

    SupervisorRef.Status status(long now) {
        return new SupervisorRef.Status(spec.id(), Optional.ofNullable(pid), state(now));
    }

    private boolean provedWell(long now) {
        var quarantine = spec.policy().quarantine().orElse(null);
        return quarantine == null || now - startedAt >= quarantine.within().toNanos();
    }

    /** Notes that it has ended. */
    void ended(ExitReason reason) {
        var backoff = spec.policy().backoff().orElse(null);
        if (backoff != null
                && Node.current().nanos() - startedAt > backoff.cap().toNanos()) {
            restartsInARow = 0;
        }
        pid = null;
        last = reason;
    }

    /** Its start has failed: the supervisor gets that message, after what waits already, and decides anew. */
    void failedToStart(StartFailed failure, Object message) {
        last = failure.reason();
        if (state != SupervisorRef.State.QUARANTINED) {
            state = SupervisorRef.State.RESTARTING;
        }
        if (!Proc.offer(Proc.self(), message)) {
            Proc.sendPriority(Proc.self(), message);
        }
    }

    /** What is to be done to have it back, told to log and telemetry. */
    Verdict verdict(Restarts ofSupervisor, SupervisorLog log) {
        var verdict = judge(ofSupervisor);
        log.tell(verdict, spec.id(), last);
        return verdict;
    }

    private Verdict judge(Restarts ofSupervisor) {
        var now = Node.current().nanos();
        var quarantine = spec.policy().quarantine().orElse(null);
        if (quarantine != null && crashes != null) {
            var probeFailed = state == SupervisorRef.State.QUARANTINED || state(now) == SupervisorRef.State.PROBING;
            if (probeFailed || !crashes.allows(now)) {
                return new Verdict.SetAside(quarantine.probeAfter());
            }
        } else if (!ofSupervisor.allows(now)) {
            return new Verdict.GiveUp(
                    Supervisor.GAVE_UP + ofSupervisor + "; the last child to end was " + spec.id() + ": " + last);
        }
        return new Verdict.Restart(spec.policy().backoff().map(this::pause).orElse(Duration.ZERO));
    }

    private Duration pause(Child.Backoff backoff) {
        var doublings = Math.min(restartsInARow++, 40);
        var most = Math.min(backoff.cap().toNanos() >> doublings, backoff.base().toNanos()) << doublings;
        return Duration.ofNanos(Node.current().random().nextLong(most + 1));
    }

    /** Sends the supervisor that message later, unless the child is started or stopped before. */
    void later(Duration wait, SupervisorRef.State meanwhile, Object message) {
        settle();
        state = meanwhile;
        timer = Proc.sendPriorityAfter(wait, Proc.self(), message);
    }

    /** Stopped because of a sibling, it comes back with that. */
    void waitsForSibling() {
        state = SupervisorRef.State.RESTARTING;
    }

    private void settle() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Not running, and not coming back by itself. */
    @Nullable
    Pid stopped() {
        settle();
        var was = pid;
        pid = null;
        state = SupervisorRef.State.STOPPED;
        return was;
    }

    /** Whether it waits for its restart or its probe. */
    boolean isWaiting() {
        return pid == null && state != SupervisorRef.State.STOPPED;
    }

    boolean isStopped() {
        return state == SupervisorRef.State.STOPPED;
    }

    /** Asks all of them to stop, then waits for each as long as it may take, then kills those that are left. */
    static void stop(Collection<ChildProcess> children) {
        var node = Node.current();
        var asked = node.nanos();
        for (var child : children) {
            if (child.pid != null) {
                if (child.spec.shutdown().isPositive()) {
                    Proc.exit(child.pid, ExitReason.SHUTDOWN);
                } else {
                    Proc.kill(child.pid);
                }
            }
        }
        ChildProcess first = null;
        var killed = 0;
        for (var child : children) {
            var pid = child.stopped();
            if (pid == null || !pid.isAlive()) {
                continue;
            }
            var left = child.spec.shutdown().minusNanos(node.nanos() - asked);
            if (Proc.awaitExit(pid, left.isNegative() ? Duration.ZERO : left).isEmpty()) {
                Proc.kill(pid);
                first = first == null ? child : first;
                killed++;
            }
        }
        if (first != null) {
            SupervisorLog.killed(first.spec, killed);
        }
    }
}
