package dev.martlet.kernel;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who wait for room in a full mailbox. They are let in by the order they came, as many at a time as there is room
 * for: were all of them woken each time, a hundred thousand would wake for the place of one.
 *
 * <p>No wake-up is lost. Who joins looks for room once more after that, so it sees what was made before; what is made
 * later lets it in. Who was let in and does not use its place, because it was killed or its time was up, lets in the
 * next. And who was let in too late, because somebody who did not wait was quicker, goes back to the front; the message
 * of the quicker one makes the owner come by again.
 */
final class BlockedSenders {
    /** One who waits. True: let in, or gone; whoever sets it decides which. */
    static final class Waiter extends AtomicBoolean {
        private static final long serialVersionUID = 1;

        private final transient Thread thread = Thread.currentThread();
    }

    private final ConcurrentLinkedDeque<Waiter> waiters = new ConcurrentLinkedDeque<>();

    /**
     * Joins the queue. The caller then looks once more for room, and parks if there is none.
     *
     * @param again it was let in and found no room
     */
    Waiter join(boolean again) {
        var waiter = new Waiter();
        if (again) {
            waiters.addFirst(waiter);
        } else {
            waiters.addLast(waiter);
        }
        return waiter;
    }

    /** Leaves without having used its place: if it was let in meanwhile, the next one is. */
    void giveUp(Waiter waiter) {
        if (waiter.compareAndSet(false, true)) {
            // By time they leave in the order they came, so it is found soon.
            waiters.remove(waiter);
        } else {
            release(1);
        }
    }

    /** Leaves because it found room by itself. */
    void done(Waiter waiter) {
        if (waiter.compareAndSet(false, true)) {
            waiters.removeLastOccurrence(waiter); // it came just now
        }
    }

    /** Lets in that many. */
    void release(int count) {
        for (var left = count; left > 0; ) {
            var waiter = waiters.poll();
            if (waiter == null) {
                return;
            }
            if (waiter.compareAndSet(false, true)) {
                LockSupport.unpark(waiter.thread);
                left--;
            }
        }
    }
}
