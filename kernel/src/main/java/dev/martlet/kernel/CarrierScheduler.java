package dev.martlet.kernel;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our own scheduler: as many carriers as cores, virtual threads mounted on them, and fairness as on the BEAM without its
 * counting.
 *
 * <pre>
 *   from a carrier           its ring: what it runs next; others steal half of it
 *   from elsewhere           shared: looked at when the ring is empty, and every 16 picks
 *   priority high, low       high: before everything else; low: when nothing else, and every 16 picks
 *   newcomers                while somebody is busy: newcomers, of which all carriers but one may run one at a time
 *   the busy                 batch: has carriers of its own, which the operating system puts behind all others
 * </pre>
 *
 * <p><b>What can be run</b> is a {@link ServerProcess} with messages, a {@link Strand} that may go on, or the
 * continuation of a virtual thread that the application started in one of ours.
 *
 * <p><b>Fairness.</b> Nothing is instrumented. The {@link FairnessMonitor} looks at the carriers every millisecond. One
 * that has been in the same item since, without a reduction, is <em>replaced</em>: a fresh carrier takes its place and
 * its queue, the old one keeps its thread until the item ends, and the operating system, told to put that thread behind
 * all others, divides the CPU. It works for any code: loops, the JDK, regular expressions, native calls. A process that
 * was the reason for it starts its next turns in the batch lane, until a few of them in a row were short.
 *
 * <p><b>Sleep.</b> Carriers that find nothing look around for some microseconds and then sleep. Whoever adds work wakes
 * one, unless one is looking around already; one that finds work wakes the next if there is more. Work that lands in a
 * ring that was empty wakes nobody: its owner is about to run it, and two processes that talk to each other stay on one
 * core. Should its owner not come to it, the monitor moves it within a millisecond.
 */
final class CarrierScheduler implements Scheduler {
    /** How many turns make a newcomer known. */
    static final int KNOWN = 8;

    /** How many short turns in a row end the stay in the batch lane. */
    static final int AMENDS = 3;

    private static final int SPARES = 3;

    static final long BATCH_PATIENCE_NANOS = 2_000_000_000;

    private final Node node;
    private final String name;
    private final int maxThreads;
    private volatile Carrier[] carriers;
    private final FairnessMonitor monitor;
    private final AtomicLong numbers = new AtomicLong();

    private final Queue<Object> shared = new ConcurrentLinkedQueue<>();
    private final Queue<Object> high = new ConcurrentLinkedQueue<>();
    private final Queue<Object> low = new ConcurrentLinkedQueue<>();
    private final Deque<Object> newcomers = new ConcurrentLinkedDeque<>();
    private final Queue<Object> batch = new ConcurrentLinkedQueue<>();

    private volatile boolean oldestNext;

    private final AtomicInteger sleepers = new AtomicInteger();
    private final AtomicInteger searchers = new AtomicInteger();
    private final AtomicInteger trials = new AtomicInteger();
    private final int maxTrials;

    /** Whether there are busy processes, so that newcomers have to show first that they are not. */
    private volatile boolean pressure;

    private final List<Carrier> replaced = new CopyOnWriteArrayList<>();
    private final List<Carrier> batchCarriers = new CopyOnWriteArrayList<>();
    private final AtomicInteger batchSleepers = new AtomicInteger();

    /** Ready to take the place of the next ones that are stuck. */
    private final Queue<Carrier> spares = new ConcurrentLinkedQueue<>();

    private final Thread starter;

    private volatile @Nullable OsThread os;
    private volatile boolean closed;

    CarrierScheduler(Node node, String name, int parallelism, int maxThreads) {
        this.node = node;
        this.name = name;
        this.maxThreads = maxThreads;
        this.maxTrials = Math.max(1, parallelism - 1);
        this.carriers = Stream.generate(() -> carrier(false)).limit(parallelism).toArray(Carrier[]::new);
        this.starter = Thread.ofPlatform().daemon().name(name + "-spares").unstarted(this::startSpares);
        this.monitor = new FairnessMonitor(this, name + "-monitor");
    }

    void start() {
        for (var carrier : carriers) {
            carrier.thread().start();
            carrier.enlist();
        }
        monitor.start();
        starter.start();
    }

    private Carrier carrier(boolean forBatch) {
        return new Carrier(this, name + (forBatch ? "-batch-" : "-carrier-") + numbers.incrementAndGet(), forBatch);
    }

    Node node() {
        return node;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    OsThread os() {
        return os;
    }

    void os(@Nullable OsThread loaded) {
        os = loaded;
    }

    // ---- putting in ------------------------------------------------------------------------------------------

    @Override
    public void schedule(ServerProcess process) {
        enqueue(process, process);
    }

    @Override
    public Thread newThread(BodyProcess process, Runnable body) {
        return new Strand(this, process, null, body).thread();
    }

    /** Has {@code item}, which runs {@code process} if that is known, run soon. */
    void enqueue(Object item, @Nullable LocalProcess process) {
        if (process != null && (process.conduct < KNOWN || process.priority() != Priority.NORMAL)) {
            if (process.conduct < 0) {
                batch.add(item);
                wakeBatch();
                return;
            }
            if (process.priority() == Priority.LOW) {
                low.add(item);
                wakeOne();
                return;
            }
            if (pressure && process.priority() == Priority.NORMAL) {
                newcomers.add(item);
                wakeOne();
                return;
            }
        }
        var context = Context.current();
        var carrier = context == null ? null : context.carrier;
        var urgent = process != null && process.priority() == Priority.HIGH;
        if (carrier == null || !carrier.push(item, urgent)) {
            (urgent ? high : shared).add(item);
            wakeOne();
        } else if (sleepers.get() != 0 && carrier.hasSurplus()) {
            wakeOne();
        }
    }

    /** Puts back what a carrier had and cannot run. */
    void share(Object item) {
        var process = processOf(item);
        (process != null && process.priority() == Priority.HIGH ? high : shared).add(item);
        wakeOne();
    }

    // ---- taking out ------------------------------------------------------------------------------------------

    @Nullable
    Object pollHigh() {
        return high.poll();
    }

    @Nullable
    Object pollLow() {
        return low.poll();
    }

    @Nullable
    Object pollBatch() {
        return batch.poll();
    }

    /** What came from outside, and a newcomer now and then. */
    @Nullable
    Object pollShared(Carrier carrier) {
        for (var item = shared.poll(); item != null; item = shared.poll()) {
            if (!mustWait(item)) {
                return item;
            }
        }
        if (newcomers.isEmpty()) {
            return null;
        }
        if (trials.incrementAndGet() > maxTrials) {
            trials.decrementAndGet();
            return null;
        }
        // By turns the oldest and the youngest: a crowd of busy ones must not delay the short one that comes after it.
        oldestNext = !oldestNext;
        var item = oldestNext ? newcomers.pollFirst() : newcomers.pollLast();
        if (item == null) {
            trials.decrementAndGet();
        } else {
            carrier.beginTrial();
        }
        return item;
    }

    boolean isTrying() {
        return trials.get() != 0;
    }

    void trialEnded() {
        trials.decrementAndGet();
    }

    /** Whether that has to wait among the newcomers or in the batch lane; then it is there now. */
    boolean mustWait(Object item) {
        if (!pressure) {
            return false;
        }
        var process = processOf(item);
        if (process == null || process.conduct >= KNOWN || process.priority() != Priority.NORMAL) {
            return false;
        }
        (process.conduct < 0 ? batch : newcomers).add(item);
        return true;
    }

    /** Whom running it would serve; null if that is a thread of the application's own. */
    static @Nullable LocalProcess processOf(Object item) {
        return switch (item) {
            case ServerProcess server -> server;
            case Strand strand -> strand.body == null ? strand.process : strand.body;
            default -> null;
        };
    }

    @Nullable
    Object steal(Carrier thief) {
        for (var victim : carriers) {
            if (victim != thief) {
                var item = victim.stealFor(thief);
                if (item != null) {
                    return item;
                }
            }
        }
        return null;
    }

    // ---- sleeping and waking ---------------------------------------------------------------------------------

    /** A carrier begins to look around. */
    void searches() {
        searchers.incrementAndGet();
    }

    /** A carrier that looked around has found something. */
    void found() {
        searchers.decrementAndGet();
        if (sleepers.get() != 0 && hasWaiting()) {
            wakeOne();
        }
    }

    /** A carrier that looked around goes to sleep. */
    void sleeps() {
        sleepers.incrementAndGet();
        searchers.decrementAndGet();
    }

    void sleepsInBatch() {
        batchSleepers.incrementAndGet();
    }

    /** A carrier was woken, or woke by itself: it looks around. */
    void awake(boolean ofBatch) {
        (ofBatch ? batchSleepers : sleepers).decrementAndGet();
    }

    /** Whether somebody waits for the place that this carrier's item has. */
    boolean hasWaiting(Carrier carrier) {
        return carrier.isBatch() ? !batch.isEmpty() : hasWaiting();
    }

    private boolean hasWaiting() {
        if (!shared.isEmpty() || !high.isEmpty() || !low.isEmpty()) {
            return true;
        }
        for (var carrier : carriers) {
            if (carrier.hasSurplus()) {
                return true;
            }
        }
        return false;
    }

    private void wakeOne() {
        if (sleepers.get() != 0 && searchers.compareAndSet(0, 1)) {
            for (var carrier : carriers) {
                if (carrier.wake()) {
                    LockSupport.unpark(carrier.thread());
                    monitor.wake();
                    return;
                }
            }
            searchers.decrementAndGet();
        }
    }

    private void wakeBatch() {
        if (batchSleepers.get() != 0) {
            for (var carrier : batchCarriers) {
                if (carrier.wake()) {
                    LockSupport.unpark(carrier.thread());
                    return;
                }
            }
        }
        monitor.wake(); // it adds a carrier
    }

    // ---- for the monitor -------------------------------------------------------------------------------------

    Carrier[] carriers() {
        return carriers;
    }

    List<Carrier> replaced() {
        return replaced;
    }

    List<Carrier> batchCarriers() {
        return batchCarriers;
    }

    boolean isIdle() {
        return sleepers.get() == carriers.length && replaced.isEmpty() && batch.isEmpty();
    }

    void pressure(boolean now) {
        pressure = now;
    }

    /** Wakes somebody if work waits that nobody comes to. */
    void nudge() {
        if (sleepers.get() != 0 && (hasWaiting() || !newcomers.isEmpty())) {
            wakeOne();
        }
    }

    /** Whether there may be one more thread. */
    boolean mayReplace() {
        return replaced.size() + batchCarriers.size() < maxThreads;
    }

    /** Puts a fresh carrier into the place of a stuck one. */
    void replace(int index) {
        var stuck = carriers[index];
        var spare = spares.poll();
        var fresh = spare == null ? started() : spare;
        replaced.add(stuck);
        stuck.replaced = true;
        var now = carriers.clone();
        now[index] = fresh;
        carriers = now;
        stuck.endTrial();
        fresh.enlist();
        unload(stuck);
    }

    /** A thread takes a while to start: some are kept ready as long as somebody is busy. */
    void prepareSpares() {
        if (pressure && spares.size() < SPARES) {
            LockSupport.unpark(starter);
        }
    }

    private void startSpares() {
        while (!closed) {
            if (pressure && spares.size() < SPARES) {
                spares.add(started());
            } else {
                LockSupport.park(this);
            }
        }
        spares.forEach(Carrier::enlist);
    }

    private Carrier started() {
        var carrier = carrier(false);
        carrier.thread().start();
        return carrier;
    }

    /** Moves what waits in a carrier's ring to where all look. */
    void unload(Carrier carrier) {
        for (var item = carrier.take(); item != null; item = carrier.take()) {
            share(item);
        }
    }

    /** One more carrier for the batch lane if work waits there and none of them is free. */
    void growBatch() {
        if (!batch.isEmpty() && batchSleepers.get() == 0 && mayReplace()) {
            var more = carrier(true);
            batchCarriers.add(more);
            more.enlist();
            more.thread().start();
        }
    }

    /** A carrier's thread is about to end. */
    void ended(Carrier carrier) {
        replaced.remove(carrier);
        batchCarriers.remove(carrier);
    }

    @Override
    public void close() {
        closed = true;
        monitor.wake();
        var all = new ArrayList<>(List.of(carriers));
        all.addAll(replaced);
        all.addAll(batchCarriers);
        all.addAll(spares);
        LockSupport.unpark(starter);
        all.forEach(carrier -> LockSupport.unpark(carrier.thread()));
    }
}
