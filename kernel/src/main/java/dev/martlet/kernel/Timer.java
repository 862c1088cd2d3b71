package dev.martlet.kernel;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that will be sent later, made by {@link Proc#sendAfter}. A timer never fires early; how late it can be is
 * told in {@link Node}. A timer to a dead process fires into nothing.
 */
public final class Timer {
    final long deadline;
    final LocalProcess target;
    final Object message;

    // A cell of its wheel's list; touched under the wheel's lock only.
    @Nullable
    Timer previous;

    @Nullable
    Timer next;

    int slot;

    /** Guarded by the lock of the wheel it was put in; false: fired or cancelled. */
    boolean pending;

    private final TimerWheel home;

    Timer(long deadline, LocalProcess target, Object message, TimerWheel home) {
        this.deadline = deadline;
        this.target = target;
        this.message = message;
        this.home = home;
    }

    /**
     * Stops it.
     *
     * @return true if it had not fired; then its message does not come
     */
    public boolean cancel() {
        return home.cancel(this);
    }

    /** How long until it fires; empty once it has fired or was cancelled. */
    public Optional<Duration> remaining() {
        if (!home.isPending(this)) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.max(0, deadline - target.node.time.nanos())));
    }

    void fire() {
        if (message instanceof Timers.Internal internal) {
            internal.fire(target, deadline);
        } else if (target.offer(message) == LocalProcess.Posted.FULL) {
            target.dropped(); // the clock waits for nobody
        }
    }
}
