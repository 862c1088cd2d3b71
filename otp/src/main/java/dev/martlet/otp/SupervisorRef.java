package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A running {@link Supervisor}. Closing it stops the tree. */
public final class SupervisorRef implements AutoCloseable {
    static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final Pid pid;

    SupervisorRef(Pid pid) {
        this.pid = pid;
    }

    /** What a child is doing. */
    public enum State {
        /** It runs. */
        RUNNING,
        /** It ended and waits to be restarted, see {@link Child#backoff}. */
        RESTARTING,
        /** It kept crashing and is left alone for a while, see {@link Child#quarantine}. */
        QUARANTINED,
        /** It runs, and after its quarantine has not proved well yet. */
        PROBING,
        /** It does not run and nobody will start it unasked. */
        STOPPED
    }

    /**
     * One child as its supervisor sees it.
     *
     * @param id its id
     * @param pid its process; empty while it is not running
     * @param state what it is doing
     */
    public record Status(String id, Optional<Pid> pid, State state) {}

    /** The supervisor's process. */
    public Pid pid() {
        return pid;
    }

    /** The children, in the order they are started. */
    @SuppressWarnings("unchecked")
    public List<Status> children() {
        return (List<Status>) Proc.call(pid, new SupervisorLoop.Which(), FOR_EVER);
    }

    /** The process of one child, if it is running. */
    public Optional<Pid> pidOf(String id) {
        return children().stream().filter(c -> c.id().equals(id)).findFirst().flatMap(Status::pid);
    }

    /**
     * Adds a child behind the others and starts it.
     *
     * @throws StartFailed if it does not start; then it is not added
     * @throws IllegalArgumentException if its id is taken
     */
    public Pid startChild(Child child) {
        return switch (Proc.call(pid, new SupervisorLoop.Add(child), FOR_EVER)) {
            case Pid started -> started;
            case RuntimeException failed -> throw failed;
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    /**
     * Stops one child; it stays known, unless it is temporary, and can be restarted. Whether there is one with that id.
     */
    public boolean terminateChild(String id) {
        return (Boolean) Proc.call(pid, new SupervisorLoop.Terminate(id), FOR_EVER);
    }

    /**
     * Forgets a child that does not run, so that its id is free. Whether there was one with that id.
     *
     * @throws IllegalArgumentException if it runs or waits for a restart
     */
    public boolean deleteChild(String id) {
        return switch (Proc.call(pid, new SupervisorLoop.Delete(id), FOR_EVER)) {
            case Boolean known -> known;
            case RuntimeException failed -> throw failed;
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    /**
     * Starts a child that was terminated, has ended, or waits to be tried again.
     *
     * @throws StartFailed if it does not start; then it is as it was
     * @throws IllegalArgumentException if there is no such child, or it runs
     */
    public Pid restartChild(String id) {
        return switch (Proc.call(pid, new SupervisorLoop.Restart(id), FOR_EVER)) {
            case Pid started -> started;
            case RuntimeException failed -> throw failed;
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    /** Waits until the supervisor has ended by itself or by {@link #close}. */
    public ExitReason await() {
        return Proc.awaitExit(pid, FOR_EVER).orElse(ExitReason.NORMAL);
    }

    /**
     * Stops the children in reverse order, then the supervisor. Returns when all have ended. The caller, if linked, is
     * not affected.
     */
    @Override
    public void close() {
        if (Proc.isProcess()) {
            Proc.unlink(pid);
        }
        try {
            Proc.call(pid, new SupervisorLoop.Shutdown(), FOR_EVER);
        } catch (CallFailed.Exited e) {
            // Ended before or while we asked: that is what we wanted.
        }
        await();
    }
}
