package dev.martlet.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that runs processes: it mounts {@link Strand}s, and gives server processes to {@link Worker}s. See
 * {@link CarrierScheduler} for the whole.
 *
 * <p>What is not volatile here belongs to the thread itself and to the virtual thread that is mounted on it, of which
 * one runs at a time.
 */
final class Carrier implements Runnable {
    private static final int IDLE_WORKERS = 64;

    /** How often it looks around before it sleeps: a wake-up costs both sides more than that. */
    private static final int LOOKS = 24;

    private static final int SPINS_BETWEEN_LOOKS = 16;

    /** After so many picks from the own ring the shared queues come first. */
    private static final int PICKS = 16;

    private static final VarHandle ASLEEP;
    private static final VarHandle TRIAL;
    private static final VarHandle ITEMS;

    static {
        try {
            var lookup = MethodHandles.lookup();
            ASLEEP = lookup.findVarHandle(Carrier.class, "asleep", boolean.class);
            TRIAL = lookup.findVarHandle(Carrier.class, "trial", boolean.class);
            ITEMS = lookup.findVarHandle(Carrier.class, "items", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CarrierScheduler scheduler;
    private final Thread thread;

    /** Whether it serves the batch lane, for processes that have shown themselves busy. */
    private final boolean batch;

    private final RunQueue ring = new RunQueue(1 << 13);

    /** What has priority high. */
    private final RunQueue urgent = new RunQueue(1 << 8);

    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final Context own = new Context();

    /** Its number for the operating system; 0 while that is not known. */
    volatile int osThread;

    /** What is mounted now; null between two items. */
    volatile @Nullable Context running;

    /** Until somebody sets it to false and unparks the thread. */
    private volatile boolean asleep;

    /** Runs a newcomer, which may turn out to be busy. */
    private volatile boolean trial;

    private volatile boolean busy;

    /** Until then it only stands ready. */
    private volatile boolean enlisted;

    /** Stuck in one item for too long: another carrier has taken its place, this one ends with the item. */
    volatile boolean replaced;

    /** How many items it has begun; see {@link #items()}. */
    private long items;

    private int picks;
    private @Nullable Object handed;
    private @Nullable Worker returned;
    private @Nullable Strand resuming;
    private boolean direct;

    /** What the {@link FairnessMonitor} saw when it last looked, and since when it has been so. */
    final Sighting seen = new Sighting();

    static final class Sighting {
        long progress;
        long items;
        long since;
        long cpuAtFirst;
        boolean suspicious;
        boolean demoted;
        boolean reported;
    }

    Carrier(CarrierScheduler scheduler, String name, boolean batch) {
        this.scheduler = scheduler;
        this.batch = batch;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this);
        own.carrier = this;
    }

    Thread thread() {
        return thread;
    }

    /** How many items it has begun; with the reductions of {@link #running} it tells whether it gets on. */
    long items() {
        return (long) ITEMS.getOpaque(this);
    }

    /** Takes an item that its own thread, or what is mounted on it, has made runnable. False: put it elsewhere. */
    boolean push(Object item, boolean high) {
        return !batch && !replaced && (high ? urgent : ring).push(item);
    }

    /** Whether more waits here than what comes next. */
    boolean hasSurplus() {
        return ring.size() > 1 || urgent.size() > 1;
    }

    boolean hasWaiting() {
        return !ring.isEmpty() || !urgent.isEmpty();
    }

    @Nullable
    Object stealFor(Carrier thief) {
        var item = urgent.stealHalf(thief.urgent);
        return item != null ? item : ring.stealHalf(thief.ring);
    }

    boolean isBatch() {
        return batch;
    }

    /** Takes one item away, by the monitor. */
    @Nullable
    Object take() {
        var item = urgent.poll();
        return item != null ? item : ring.poll();
    }

    /** Has it begin. */
    void enlist() {
        enlisted = true;
        LockSupport.unpark(thread);
    }

    // ---- its life --------------------------------------------------------------------------------------------

    @Override
    public void run() {
        own.enter();
        introduce();
        try {
            while (!enlisted && !scheduler.isClosed()) {
                LockSupport.park(this);
            }
            while (!replaced && !scheduler.isClosed()) {
                var item = handed;
                handed = null;
                if (item == null) {
                    item = next();
                }
                if (item == null) {
                    item = batch ? sleepInBatch() : sleep();
                }
                if (item == null) {
                    break;
                }
                run(item);
            }
        } finally {
            end();
        }
    }

    private void run(Object item) {
        begun();
        if (batch) {
            busy = false;
            mount(item);
            judge(item, busy);
        } else {
            mount(item);
        }
    }

    private void begun() {
        ITEMS.setOpaque(this, items + 1);
        if (osThread == 0) {
            introduce();
        }
    }

    /** Tells the operating system's number of this thread, once that can be asked. */
    private void introduce() {
        var os = scheduler.os();
        if (os != null) {
            osThread = os.current();
            if (batch) {
                os.demote(osThread);
            } else {
                os.normal();
            }
        }
    }

    private void mount(Object item) {
        switch (item) {
            case ServerProcess process -> {
                var worker = idle.pollLast();
                if (worker == null) {
                    worker = new Worker(scheduler);
                }
                worker.assign(process);
                resume(worker.strand);
            }
            case Strand strand -> mount(strand);
            default -> {
                running = own;
                ((Runnable) item).run();
                running = null;
            }
        }
    }

    private void mount(Strand strand) {
        strand.carrier = this;
        running = strand;
        strand.run();
        running = null;
        if (returned == null && !strand.yielding && strand.process instanceof ServerProcess server) {
            server.waited();
        }
        if (strand.body != null && !batch) {
            strand.body.turned();
        }
        var worker = returned;
        if (worker != null) {
            returned = null;
            if (idle.size() < IDLE_WORKERS) {
                idle.addLast(worker);
            } else {
                worker.end();
                resume(worker.strand);
            }
        }
    }

    /** Makes a waiting strand run here and now, unless it was made runnable already and waits in a queue. */
    private void resume(Strand strand) {
        resuming = strand;
        direct = false;
        strand.wake();
        resuming = null;
        if (direct) {
            mount(strand);
        }
    }

    /** Whether {@code strand} is the one that {@link #resume} makes runnable at this moment. */
    boolean resumes(Strand strand) {
        if (resuming != strand || Thread.currentThread() != thread) {
            return false;
        }
        direct = true;
        return true;
    }

    /** The mounted worker has nothing to do and is about to park. */
    void returned(Worker worker) {
        returned = worker;
    }

    private void end() {
        endTrial();
        if (handed != null) {
            scheduler.share(handed);
            handed = null;
        }
        for (var item = take(); item != null; item = take()) {
            scheduler.share(item);
        }
        for (var worker = idle.pollLast(); worker != null; worker = idle.pollLast()) {
            worker.end();
            resume(worker.strand);
        }
        scheduler.ended(this);
        Context.leave();
    }

    // ---- the batch lane --------------------------------------------------------------------------------------

    /** The monitor has seen that the item uses the CPU without a reduction. */
    void seenBusy() {
        busy = true;
    }

    private static void judge(Object item, boolean busy) {
        var process = CarrierScheduler.processOf(item);
        if (process != null) {
            process.judge(busy);
        }
    }

    // ---- what to run next ------------------------------------------------------------------------------------

    /**
     * The next server process for the mounted worker, which has just run {@code last}; null if the carrier itself must
     * go on, because something else comes next, or nothing.
     */
    @Nullable
    ServerProcess nextAfter(ServerProcess last) {
        if (batch || replaced) {
            return null;
        }
        last.turned();
        var item = next();
        if (item instanceof ServerProcess process) {
            begun();
            return process;
        }
        handed = item;
        return null;
    }

    private @Nullable Object next() {
        if (trial) {
            endTrial();
        }
        if (batch) {
            return scheduler.pollBatch();
        }
        // What waits behind an endless stream of others gets its turn too.
        var pick = ++picks & PICKS - 1;
        var item = urgent.take();
        if (item == null) {
            item = scheduler.pollHigh();
        }
        if (item == null && pick == 0) {
            item = scheduler.pollShared(this);
        }
        if (item == null && pick == PICKS / 2) {
            item = scheduler.pollLow();
        }
        while (item == null) {
            item = ring.take();
            if (item == null || !scheduler.mustWait(item)) {
                break;
            }
            item = null;
        }
        if (item == null) {
            item = scheduler.pollShared(this);
        }
        if (item == null) {
            item = scheduler.pollLow();
        }
        if (item == null) {
            item = scheduler.steal(this);
        }
        return item;
    }

    /** Runs a newcomer next. */
    void beginTrial() {
        trial = true;
    }

    boolean isTrying() {
        return trial;
    }

    /** The newcomer has had its turn, or somebody has taken this carrier's place. */
    void endTrial() {
        if (TRIAL.compareAndSet(this, true, false)) {
            scheduler.trialEnded();
        }
    }

    // ---- sleeping --------------------------------------------------------------------------------------------

    /** Waits for work; null when the scheduler has closed. */
    private @Nullable Object sleep() {
        scheduler.searches();
        while (!scheduler.isClosed()) {
            for (var look = 0; look < LOOKS; look++) {
                for (var spin = 0; spin < SPINS_BETWEEN_LOOKS; spin++) {
                    Thread.onSpinWait();
                }
                var item = next();
                if (item != null) {
                    scheduler.found();
                    return item;
                }
            }
            // Say so first, look then: who adds work after that look sees a sleeper and wakes it.
            asleep = true;
            scheduler.sleeps();
            var item = next();
            if (item != null) {
                if (wake()) {
                    scheduler.searches();
                } // else who woke us has counted us among those that search
                scheduler.found();
                return item;
            }
            while (asleep && !scheduler.isClosed()) {
                LockSupport.park(this);
            }
        }
        return null;
    }

    /** Waits for work of the batch lane; null when the scheduler has closed or there was none for long. */
    private @Nullable Object sleepInBatch() {
        asleep = true;
        scheduler.sleepsInBatch();
        var item = next();
        if (item == null) {
            var until = System.nanoTime() + CarrierScheduler.BATCH_PATIENCE_NANOS;
            for (var left = 1L; asleep && left > 0 && !scheduler.isClosed(); left = until - System.nanoTime()) {
                LockSupport.parkNanos(this, CarrierScheduler.BATCH_PATIENCE_NANOS);
            }
            item = wake() ? null : next();
        } else {
            wake();
        }
        return item;
    }

    boolean isAsleep() {
        return asleep;
    }

    /** Ends its sleep; false if it was awake or somebody else has done so. */
    boolean wake() {
        if (asleep && ASLEEP.compareAndSet(this, true, false)) {
            scheduler.awake(batch);
            return true;
        }
        return false;
    }
}
