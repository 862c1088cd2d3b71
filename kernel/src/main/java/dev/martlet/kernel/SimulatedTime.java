package dev.martlet.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** The clock of a simulation: it moves when nothing else can, to the next moment at which something is due. */
final class SimulatedTime extends TimeSource {
    private record Waiter(long deadline, long number, Thread thread) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            var byTime = Long.compare(deadline, other.deadline);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final TreeSet<Waiter> waiters = new TreeSet<>();
    private volatile long now;
    private long numbers;

    @Override
    long nanos() {
        return now;
    }

    @Override
    boolean park(Object blocker, long deadline) {
        if (!Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName() + " is not part of the "
                    + "simulation and must not wait in it; do this inside of Simulation.run");
        }
        if (now >= deadline) {
            return false;
        }
        if (deadline == NEVER) {
            LockSupport.park(blocker);
            return true;
        }
        var waiter = new Waiter(deadline, numbers++, Thread.currentThread());
        waiters.add(waiter);
        try {
            LockSupport.park(blocker);
        } finally {
            waiters.remove(waiter);
        }
        return true;
    }

    /** When the first wait ends. */
    long nextDeadline() {
        return waiters.isEmpty() ? NEVER : waiters.first().deadline;
    }

    /** Moves on; whose wait ends is woken, in the order of the deadlines. */
    void moveTo(long moment) {
        now = moment;
        List<Thread> due = new ArrayList<>();
        while (!waiters.isEmpty() && waiters.first().deadline <= moment) {
            due.add(waiters.removeFirst().thread); // whether or not chaos lets it run at once
        }
        due.forEach(LockSupport::unpark);
    }
}
