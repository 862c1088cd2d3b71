package dev.martlet.kernel;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The timers of a node: a few wheels, so that starters seldom meet, and one thread that turns them. */
final class Timers {
    /** What the runtime does when a timer fires, instead of sending the message. It must be quick. */
    interface Internal {
        /** Called by the clock. */
        void fire(LocalProcess process, long due);
    }

    /** Has a message overtake those that wait, and be admitted to a full mailbox. */
    record Urgent(Object message) implements Internal {
        @Override
        public void fire(LocalProcess process, long due) {
            process.post(new Letter(message, Letter.PRIORITY));
        }
    }

    private final TimeSource time;
    private final TimerWheel[] wheels;
    private @Nullable Thread clock;

    /** The most that were pending; a lost update does no harm. */
    private volatile int highWater;

    /** Until when the clock thread sleeps; a timer that is due earlier wakes it. */
    private volatile long sleepsUntil = TimeSource.NEVER;

    private volatile boolean closed;

    Timers(TimeSource time) {
        this.time = time;
        // Timers of one wheel fire in the order they were started, also those that are due at the same time.
        this.wheels = new TimerWheel[time.isMachine() ? 4 : 1];
        for (var i = 0; i < wheels.length; i++) {
            wheels[i] = new TimerWheel(time.nanos(), time.isMachine() ? TimerWheel.COARSE : TimerWheel.EXACT);
        }
    }

    /** Turns the wheels by a thread of their own, as long as the time source is not moved by hand. */
    void startClock(String name) {
        clock = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** Starts a timer of the application. */
    Timer start(long deadline, LocalProcess target, Object message) {
        var count = size() + 1;
        target.node.admit(NodeLimit.TIMERS, count);
        if (count > highWater) {
            highWater = count;
        }
        return startAnyway(deadline, target, message);
    }

    /** Starts one of the kernel's own, which no limit refuses. */
    Timer startAnyway(long deadline, LocalProcess target, Object message) {
        var wheel = wheels[(int) Thread.currentThread().threadId() & wheels.length - 1];
        var timer = new Timer(deadline, target, message, wheel);
        wheel.start(timer);
        if (deadline < sleepsUntil) {
            LockSupport.unpark(clock);
        }
        return timer;
    }

    int highWater() {
        return highWater;
    }

    /** Sends everything that is due. */
    void advance() {
        var now = time.nanos();
        for (var wheel : wheels) {
            for (var timer = wheel.advance(now); timer != null; ) {
                var next = timer.next;
                timer.next = null;
                timer.fire();
                timer = next;
            }
        }
    }

    long nextDeadline() {
        var nearest = TimeSource.NEVER;
        for (var wheel : wheels) {
            nearest = Math.min(nearest, wheel.nextDeadline());
        }
        return nearest;
    }

    int size() {
        var sum = 0;
        for (var wheel : wheels) {
            sum += wheel.size();
        }
        return sum;
    }

    private void run() {
        var os = OsThread.load();
        if (os != null) {
            os.quicken(); // late timers are late for all
        }
        while (!closed) {
            // Announce first, look then: a timer started in between sees a sleeper and wakes it.
            sleepsUntil = TimeSource.NEVER;
            var next = nextDeadline();
            sleepsUntil = next;
            if (nextDeadline() >= next && !closed) {
                time.park(this, next);
            }
            sleepsUntil = Long.MIN_VALUE; // awake: nobody needs to wake us
            advance();
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(clock);
    }
}
