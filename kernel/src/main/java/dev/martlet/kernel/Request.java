package dev.martlet.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A letter that is its own reply slot: the answer never passes through the caller's mailbox, so {@code call} never
 * scans it, and a late reply has nowhere to go but a counter.
 */
final class Request extends Letter implements Caller {
    /** Why there will be no answer. */
    record Outcome(ExitReason failure) {}

    /** Why the request was not even handled. */
    record Dropped(String why) {}

    /** The caller gave up. */
    private static final Object ABANDONED = new Object();

    private static final VarHandle ANSWER;
    private static final VarHandle WAITER;

    static {
        try {
            ANSWER = MethodHandles.lookup().findVarHandle(Request.class, "answer", Object.class);
            WAITER = MethodHandles.lookup().findVarHandle(Request.class, "waiter", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whom the answer wakes. A server process that looks for it later may do so on another thread. */
    @SuppressWarnings("UnusedVariable") // through WAITER
    private Thread waiter;

    private final LocalProcess target;

    /** null: open; {@link #ABANDONED}; {@link Outcome} or {@link Dropped} for failures; else the answer. */
    private volatile @Nullable Object answer;

    Request(Object message, byte lane, LocalProcess target) {
        super(message, lane);
        this.target = target;
        this.waiter = Thread.currentThread();
    }

    @Override
    public boolean reply(Object value) {
        var inTime = settle(value);
        if (!inTime && answer == ABANDONED) {
            target.node.counters.lateReplies.increment();
        }
        return inTime;
    }

    @Override
    public void defer() {
        if (!kept()) {
            keep();
            target.deferred(this);
        }
    }

    @Override
    public boolean isDeferred() {
        return kept();
    }

    @Override
    public Object request() {
        return message;
    }

    @Override
    public boolean isWaiting() {
        return answer == null;
    }

    @Override
    boolean isExpired(Node node) {
        return answer == ABANDONED;
    }

    @Override
    void drop(String why) {
        settle(new Dropped(why));
    }

    @Override
    void refuse(ExitReason reason) {
        settle(new Outcome(reason));
    }

    private boolean settle(Object outcome) {
        if (!ANSWER.compareAndSet(this, (Object) null, outcome)) {
            return false;
        }
        var waiting = (Thread) WAITER.getVolatile(this);
        if (Thread.currentThread() != waiting) {
            LockSupport.unpark(waiting);
        }
        return true;
    }

    /** The answer, or an {@link Outcome} that failed, if it has come. */
    @Nullable
    Object answer() {
        return answer;
    }

    /** Nobody waits any more. */
    void abandon() {
        ANSWER.compareAndSet(this, (Object) null, ABANDONED);
    }

    /** Waits as {@link #await} does, on whatever thread, and leaves the request open if the time runs out. */
    @Nullable
    Object look(TimeSource time, long deadline, @Nullable LocalProcess self) {
        WAITER.setVolatile(this, Thread.currentThread()); // and only then the look at the answer
        return await(time, deadline, self, false);
    }

    /**
     * Waits for the answer.
     *
     * @return the answer, an {@link Outcome} that failed, or null if the time ran out
     */
    @Nullable
    Object await(TimeSource time, long deadline, @Nullable LocalProcess self) {
        return await(time, deadline, self, true);
    }

    private @Nullable Object await(TimeSource time, long deadline, @Nullable LocalProcess self, boolean once) {
        var interrupted = false;
        try {
            while (true) {
                var outcome = answer;
                if (outcome != null) {
                    return outcome;
                }
                if (self != null && self.isDead()) {
                    abandon();
                    throw new ProcessExit(self.exitReason());
                }
                if (!time.park(this, deadline)) {
                    if (once ? ANSWER.compareAndSet(this, (Object) null, ABANDONED) : answer == null) {
                        return null;
                    }
                } else if (Thread.interrupted()) {
                    // Not ours to answer here: a call has a deadline; whoever interrupted is told when it ends.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
