package dev.martlet.kernel;

import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the carriers: finds those that are stuck in one item and has them replaced, finds work that nobody comes
 * to, names who is busy. It sleeps while all carriers do.
 */
final class FairnessMonitor implements Runnable {
    private static final long LOOK_NANOS = 1_000_000;

    /** How often it looks while a newcomer is tried and others wait for that. */
    private static final long TRIAL_LOOK_NANOS = 200_000;

    /** How much CPU a newcomer may use in its first turns while others are busy. */
    private static final long TRIAL_NANOS = 150_000;

    /** How much CPU without a reduction makes an item busy. */
    private static final long BUSY_NANOS = 750_000;

    /** How long an item may hold its carrier without using the CPU: a native call, a pinned thread. */
    private static final long BLOCKED_NANOS = 4_000_000;

    /** When a busy process is reported. */
    private static final long REPORT_NANOS = 100_000_000;

    /** How long newcomers are watched after the last busy process. */
    private static final long PRESSURE_NANOS = 100_000_000;

    private static final int LOOKS_BEFORE_SLEEP = 20;

    private final CarrierScheduler scheduler;
    private final Thread thread;
    private volatile boolean asleep;
    private long pressureUntil;

    FairnessMonitor(CarrierScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Something happens again. */
    void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        var os = OsThread.load();
        if (os != null) {
            os.quicken();
        }
        scheduler.os(os);
        var idle = 0;
        while (!scheduler.isClosed()) {
            LockSupport.parkNanos(this, scheduler.isTrying() ? TRIAL_LOOK_NANOS : LOOK_NANOS);
            idle = scheduler.isIdle() ? idle + 1 : 0;
            if (idle > LOOKS_BEFORE_SLEEP) {
                sleep();
                idle = 0;
            } else {
                scheduler.node().time.look();
                look(System.nanoTime());
            }
        }
        scheduler.node().time.lookAway();
    }

    private void sleep() {
        scheduler.node().time.lookAway();
        asleep = true;
        while (asleep && scheduler.isIdle() && !scheduler.isClosed()) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private void look(long now) {
        var carriers = scheduler.carriers();
        for (var i = 0; i < carriers.length; i++) {
            var state = lookAt(carriers[i], now);
            if (state != State.FINE && scheduler.mayReplace()) {
                if (state == State.BUSY) {
                    demote(carriers[i], now); // first: it has the CPU that the next one needs
                }
                scheduler.replace(i);
            }
        }
        for (var carrier : scheduler.replaced()) {
            follow(carrier, now);
        }
        for (var carrier : scheduler.batchCarriers()) {
            if (lookAt(carrier, now) == State.BUSY) {
                carrier.seenBusy();
                pressureUntil = now + PRESSURE_NANOS;
            }
        }
        scheduler.pressure(now - pressureUntil < 0);
        scheduler.growBatch();
        scheduler.nudge();
        scheduler.prepareSpares();
    }

    private enum State {
        /** Gets on. */
        FINE,
        /** Has used the CPU for one item, without a reduction, for too long. */
        BUSY,
        /** Is in the same item for long and does not use the CPU: a native call, a pinned thread. */
        BLOCKED
    }

    private State lookAt(Carrier carrier, long now) {
        var seen = carrier.seen;
        var running = carrier.running;
        var items = carrier.items();
        var sameItem = items == seen.items;
        seen.items = items;
        var progress = items + (running == null ? 0 : running.reductions);
        if (progress != seen.progress || running == null || carrier.isAsleep()) {
            seen.progress = progress;
            seen.since = now;
            seen.suspicious = false;
            if (sameItem && running != null && scheduler.hasWaiting(carrier)) {
                running.mustYield = true;
            }
            return State.FINE;
        }
        if (carrier.hasWaiting()) {
            scheduler.unload(carrier); // what comes next is not coming soon
        }
        var most = carrier.isTrying() ? TRIAL_NANOS : BUSY_NANOS;
        var os = scheduler.os();
        if (os == null || carrier.osThread == 0) {
            return now - seen.since > 2 * most ? State.BUSY : State.FINE;
        }
        var cpu = os.cpuNanos(carrier.osThread);
        if (!seen.suspicious) {
            seen.suspicious = true;
            seen.cpuAtFirst = cpu;
        } else if (cpu - seen.cpuAtFirst > most) {
            return State.BUSY;
        }
        return now - seen.since > BLOCKED_NANOS ? State.BLOCKED : State.FINE;
    }

    /** Puts a thread that uses the CPU behind all others, and its process into the batch lane. */
    private void demote(Carrier carrier, long now) {
        var running = carrier.running;
        if (running == null || carrier.items() + running.reductions != carrier.seen.progress) {
            return; // it has got on in this very moment
        }
        var os = scheduler.os();
        if (os != null && carrier.osThread != 0) {
            os.demote(carrier.osThread);
        }
        carrier.seen.demoted = true;
        var process = running.process;
        if (process != null) {
            process.conduct = -CarrierScheduler.AMENDS;
        }
        pressureUntil = now + PRESSURE_NANOS;
    }

    /** Looks after a carrier that was replaced and still runs its last item. */
    private void follow(Carrier carrier, long now) {
        if (carrier.hasWaiting()) {
            scheduler.unload(carrier);
        }
        var seen = carrier.seen;
        if (!seen.demoted) {
            if (lookAt(carrier, now) == State.BUSY) {
                demote(carrier, now);
            }
            return;
        }
        pressureUntil = now + PRESSURE_NANOS;
        if (!seen.reported && now - seen.since > REPORT_NANOS) {
            seen.reported = true;
            var running = carrier.running;
            if (running != null && running.process != null) {
                var thread = running instanceof Strand strand ? strand.thread() : carrier.thread();
                scheduler.node().busy(running.process, running, thread, now - seen.since);
            }
        }
    }
}
