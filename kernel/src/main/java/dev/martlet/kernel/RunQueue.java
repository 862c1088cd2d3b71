package dev.martlet.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The run queue of one carrier: a ring that its owner pushes to, and that everybody takes from.
 *
 * <pre>
 *          head (CAS by whoever takes)        tail (owner only)
 *            v                                  v
 *   | ... | item | item | item | item | item |     | ... |
 * </pre>
 *
 * An item may be read by several that want it; who moves the head over it has it. The owner cannot write to a place
 * before the head has left it, so a reader whose CAS succeeds has read the right item. After Go's run queues
 * (runtime/proc.go, runqput and runqgrab).
 */
final class RunQueue {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final VarHandle ITEM = MethodHandles.arrayElementVarHandle(Object[].class);

    static {
        try {
            var lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(RunQueue.class, "head", int.class);
            TAIL = lookup.findVarHandle(RunQueue.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final int mask;
    private final @Nullable Object[] items;

    @SuppressWarnings("UnusedVariable") // through HEAD
    private volatile int head;

    @SuppressWarnings("UnusedVariable") // through TAIL
    private volatile int tail;

    /** For so many items, a power of two. */
    RunQueue(int capacity) {
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.items = new Object[capacity];
    }

    /** Adds an item at the end, by the owner. False if the ring is full. */
    boolean push(Object item) {
        var end = (int) TAIL.get(this);
        if (end - (int) HEAD.getAcquire(this) >= capacity) {
            return false;
        }
        ITEM.setRelease(items, end & mask, item);
        TAIL.setRelease(this, end + 1);
        return true;
    }

    /** Takes the first item, by the owner. */
    @Nullable
    Object take() {
        while (true) {
            var first = (int) HEAD.getAcquire(this);
            if (first == (int) TAIL.get(this)) {
                return null;
            }
            var item = ITEM.getAcquire(items, first & mask);
            if (HEAD.compareAndSet(this, first, first + 1)) {
                ITEM.set(items, first & mask, (Object) null); // nobody else writes here, and the dead are not kept
                return item;
            }
        }
    }

    /** Takes the first item, by anybody. */
    @Nullable
    Object poll() {
        while (true) {
            var first = (int) HEAD.getAcquire(this);
            if (first == (int) TAIL.getAcquire(this)) {
                return null;
            }
            var item = ITEM.getAcquire(items, first & mask);
            if (HEAD.compareAndSet(this, first, first + 1)) {
                return item;
            }
        }
    }

    /**
     * Moves half of the items to {@code thief}, whose owner calls, but none if there is just one: its owner is about to
     * run that, and a message that two processes send to and fro had better stay on one core.
     *
     * @return one of the items, to be run at once
     */
    @Nullable
    Object stealHalf(RunQueue thief) {
        while (true) {
            var first = (int) HEAD.getAcquire(this);
            var count = (int) TAIL.getAcquire(this) - first >> 1;
            if (count <= 0) {
                return null;
            }
            if (count > capacity >> 1) {
                continue; // the two reads do not belong together
            }
            var end = (int) TAIL.get(thief);
            count = Math.min(count, thief.capacity - (end - (int) HEAD.getAcquire(thief)));
            if (count <= 0) {
                return null;
            }
            // The first goes to the thief's hands, the others to its ring, where nobody sees them before the CAS.
            var mine = ITEM.getAcquire(items, first & mask);
            for (var i = 1; i < count; i++) {
                ITEM.setRelease(thief.items, end + i - 1 & thief.mask, ITEM.getAcquire(items, first + i & mask));
            }
            if (HEAD.compareAndSet(this, first, first + count)) {
                TAIL.setRelease(thief, end + count - 1);
                return mine;
            }
        }
    }

    int size() {
        return Math.max(0, (int) TAIL.getAcquire(this) - (int) HEAD.getAcquire(this));
    }

    boolean isEmpty() {
        return (int) TAIL.getAcquire(this) == (int) HEAD.getAcquire(this);
    }
}
