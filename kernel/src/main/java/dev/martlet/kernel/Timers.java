package dev.martlet.kernel;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The timers of a node: a few wheels, so that starters seldom meet, and one thread that turns them. */
final class Timers {
    private final TimeSource time;
    private final TimerWheel[] wheels = new TimerWheel[4];
    private final Condemned condemned;
    private @Nullable Thread clock;

    /** The most that were pending; a lost update does no harm. */
    private volatile int highWater;

    /** Until when the clock thread sleeps; a timer that is due earlier wakes it. */
    private volatile long sleepsUntil = TimeSource.NEVER;

    private volatile boolean closed;

    Timers(TimeSource time, Condemned condemned) {
        this.time = time;
        this.condemned = condemned;
        for (var i = 0; i < wheels.length; i++) {
            wheels[i] = new TimerWheel(
                    time.nanos(), time instanceof TimeSource.Virtual ? TimerWheel.EXACT : TimerWheel.COARSE);
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
        awakeBy(deadline);
        return timer;
    }

    /** Sees to it that the clock looks at that time. */
    void awakeBy(long deadline) {
        if (deadline < sleepsUntil) {
            LockSupport.unpark(clock);
        }
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
        condemned.look(now);
    }

    long nextDeadline() {
        var nearest = condemned.nextLook();
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
