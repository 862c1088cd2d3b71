package dev.martlet.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A runtime for processes: it owns their scheduler, names, timers, limits and telemetry. Several may live in one JVM,
 * and share nothing.
 *
 * {@snippet :
 * try (var node = Node.start(Node.Config.DEFAULT)) {
 *     Pid pid = node.spawn(Spawn.DEFAULT.named("greeter"), () -> {
 *         Object name = Proc.receive(String.class);
 *         System.out.println("hello, " + name);
 *     });
 *     Proc.send(pid, "ann");
 * }
 * }
 *
 * <p>Most programs never name one: {@link #current()} is the node of the calling process and, outside of processes, one
 * default node that is started when it is first asked for.
 *
 * <p>Crashes are logged with their stack trace, at most 20 a second; a line then says how many were left out.
 *
 * <p>Timers fire at the earliest at their deadline and, on an idle machine, some 0.3 ms after it.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final AtomicLong NUMBERS = new AtomicLong();

    final Scheduler scheduler;

    /** What this node is simulated by, if it is. */
    final @Nullable SimulatedScheduler simulation;

    final TimeSource time;
    final Timers timers;
    final ConcurrentHashMap<String, LocalProcess> names = new ConcurrentHashMap<>();
    final Counters counters = new Counters();
    private final ProcessTable processes;
    private final Telemetry telemetry = new Telemetry();
    private final long number;
    private final Config config;
    private volatile boolean closed;

    /** Crashes above that are counted and told to {@link Telemetry}, and not logged one by one. */
    private final LogLimit crashLines = new LogLimit(20, Duration.ofSeconds(1));

    private final LogLimit busyLines = new LogLimit(20, Duration.ofSeconds(1));

    /**
     * The limits of a node.
     *
     * @param name what its threads and logs call it
     * @param callTimeout how long a {@link Proc#call} without a timeout waits
     * @param maxBlock how long a sender waits for room in a full mailbox ({@link Overflow#BLOCK})
     * @param virtualTime whether its clock stands still until {@link Node#advance} moves it; for tests
     */
    public record Config(String name, Duration callTimeout, Duration maxBlock, boolean virtualTime) {
        /** Name {@code martlet}, calls wait 5 s, senders wait 5 s, the machine's time. */
        public static final Config DEFAULT = new Config("martlet", Duration.ofSeconds(5), Duration.ofSeconds(5), false);

        /** With that name. */
        public Config name(String name) {
            return new Config(name, callTimeout, maxBlock, virtualTime);
        }

        /** With that default for calls. */
        public Config callTimeout(Duration callTimeout) {
            return new Config(name, callTimeout, maxBlock, virtualTime);
        }

        /** With that limit for blocked senders. */
        public Config maxBlock(Duration maxBlock) {
            return new Config(name, callTimeout, maxBlock, virtualTime);
        }

        /** With a clock that is moved by {@link Node#advance} only. */
        public Config withVirtualTime() {
            return new Config(name, callTimeout, maxBlock, true);
        }
    }

    /**
     * What a node has counted since it started.
     *
     * @param spawned processes started
     * @param exited processes ended, crashed ones included
     * @param crashed processes whose code threw
     * @param lateReplies answers that came after their caller had given up
     * @param toDead messages to processes that had ended
     * @param overflowed messages dropped because a mailbox was full
     * @param expired messages not handled because their deadline had passed, requests whose caller had given up
     * @param tooOld messages dropped because they had waited longer than their mailbox allows
     * @param conflated messages that a newer one with the same key has replaced
     * @param busy how often a process has used a thread for long without a message, see {@link KernelEvent.Busy}
     * @param stuck processes that have ended while their code went on, see {@link KernelEvent.Stuck}
     */
    public record Counts(
            long spawned,
            long exited,
            long crashed,
            long lateReplies,
            long toDead,
            long overflowed,
            long expired,
            long tooOld,
            long conflated,
            long busy,
            long stuck) {}

    private static final class Default {
        static final Node NODE = start(Config.DEFAULT);
    }

    private Node(Config config) {
        this.config = config;
        this.number = NUMBERS.getAndIncrement();
        this.time = config.virtualTime() ? new TimeSource.Virtual() : new TimeSource.Machine();
        this.timers = new Timers(time);
        this.processes = new ProcessTable(true);
        this.simulation = null;
        this.scheduler = scheduler();
        if (!config.virtualTime()) {
            timers.startClock(config.name() + "-clock");
        }
    }

    /** A node of a simulation, which moves its time and runs what is runnable. */
    Node(Config config, SimulatedScheduler simulation) {
        this.config = config;
        this.number = NUMBERS.getAndIncrement();
        this.time = simulation.time;
        this.timers = simulation.timers;
        this.processes = new ProcessTable(false);
        this.simulation = simulation;
        this.scheduler = simulation;
    }

    private Scheduler scheduler() {
        if (!InjectedThreads.available()) {
            LOG.warn("java.base/java.lang is not open to Martlet: processes run on the JDK's scheduler, where busy ones"
                    + " delay others. Start with --add-opens java.base/java.lang=ALL-UNNAMED");
            return new VirtualThreadScheduler();
        }
        var own = new CarrierScheduler(this, config.name(), Runtime.getRuntime().availableProcessors(), 1_000);
        own.start();
        return own;
    }

    /** A process has held a thread for so long without a message. */
    void busy(LocalProcess process, Context place, Thread thread, long nanos) {
        counters.busy.increment();
        var stack = List.of(thread.getStackTrace());
        if (busyLines.admits()) {
            LOG.warn(
                    "Process {} has been busy for {}, handling {}, at {}{}",
                    process.described(),
                    Words.time(nanos),
                    place.handling,
                    stack.isEmpty() ? "an unknown place" : stack.getFirst(),
                    busyLines.omitted());
        }
        telemetry.emit(
                KernelEvent.Busy.class,
                () -> new KernelEvent.Busy(
                        process, process.label(), Optional.ofNullable(place.handling), Duration.ofNanos(nanos), stack));
    }

    /** Starts a node. */
    public static Node start(Config config) {
        return new Node(config);
    }

    /** The node of the calling process; outside of processes the default node. */
    public static Node current() {
        var process = Context.process();
        return process == null ? Default.NODE : process.node;
    }

    /** Its number: unique in this JVM, and the first part of its pids. */
    public long number() {
        return number;
    }

    /** Its configuration. */
    public Config config() {
        return config;
    }

    Duration maxBlock() {
        return config.maxBlock();
    }

    /** Its telemetry. */
    public Telemetry telemetry() {
        return telemetry;
    }

    /** Its time in nanoseconds; only differences mean something. */
    public long nanos() {
        return time.nanos();
    }

    /**
     * The same to a few milliseconds, and cheaper: for ages and statistics that are taken at every message. Exact while
     * all is idle and in virtual time.
     */
    public long coarseNanos() {
        return time.coarseNanos();
    }

    /**
     * Moves virtual time: what is due by then is sent, in order, and waits that end by then end.
     *
     * @throws IllegalStateException if this node lives by the machine's clock
     */
    public void advance(Duration by) {
        if (!(time instanceof TimeSource.Virtual virtual)) {
            throw new IllegalStateException(
                    "only a node of virtual time can be advanced: start it with Node.Config.withVirtualTime()");
        }
        var target = virtual.nanos() + by.toNanos();
        for (var next = timers.nextDeadline(); next <= target; next = timers.nextDeadline()) {
            virtual.advance(Math.max(0, next - virtual.nanos()));
            timers.advance();
        }
        virtual.advance(target - virtual.nanos());
    }

    /** What it has counted. */
    public Counts counts() {
        return counters.read();
    }

    /** Random numbers for whoever runs in it, jitter above all: in a simulation those of its seed. */
    public RandomGenerator random() {
        return simulation == null ? ThreadLocalRandom.current() : simulation.random;
    }

    /** How many processes are alive. */
    public int processCount() {
        return processes.size();
    }

    /** How many timers are pending. */
    public int timerCount() {
        return timers.size();
    }

    // ---- spawning --------------------------------------------------------------------------------------------

    /** Starts a process with a flow of its own, on a virtual thread. */
    public Pid spawn(Spawn spawn, Proc.Body body) {
        var process = new BodyProcess(this, processes.next(), spawn, body);
        begin(process, spawn);
        process.start();
        return process;
    }

    /** Starts a process that holds no stack while it is idle. */
    public Pid spawn(Spawn spawn, Receiver receiver) {
        var process = new ServerProcess(this, processes.next(), spawn, receiver);
        begin(process, spawn);
        process.wake();
        return process;
    }

    /** The calling thread as a process, from {@link #attach} to {@link #close}. */
    public interface Attached extends AutoCloseable {
        /** Its pid. */
        Pid pid();

        /** Ends the process, with {@link ExitReason.Normal}; the thread goes on. */
        @Override
        void close();
    }

    /**
     * Makes the calling thread, which must not be a process, one: for tests and for programs that want to receive in
     * {@code main}.
     */
    public Attached attach(Spawn spawn) {
        if (Context.process() != null) {
            throw new IllegalStateException(
                    "only a thread that is no process yet can be attached; this one is " + Context.process());
        }
        var process = new BodyProcess(this, processes.next(), spawn);
        begin(process, spawn);
        var context = new Context();
        context.process = process;
        context.enter();
        return new Attached() {
            @Override
            public Pid pid() {
                return process;
            }

            @Override
            public void close() {
                Context.leave();
                process.end(ExitReason.NORMAL);
                process.refuseRest();
            }
        };
    }

    private void begin(LocalProcess process, Spawn spawn) {
        var context = Context.current();
        if (context != null) {
            context.reduce();
        }
        if (closed) {
            throw new IllegalStateException("node " + config.name() + " is closed; start another with Node.start");
        }
        counters.spawned.increment();
        processes.put(process);
        try {
            spawn.name().ifPresent(name -> register(name, process));
        } catch (RuntimeException e) {
            process.end(ExitReason.NORMAL);
            throw e;
        }
        if (spawn.link()) {
            var parent = Context.process();
            process.parent = spawn.orderly() && process instanceof ServerProcess ? parent : null;
            if (parent == null) {
                process.end(ExitReason.NORMAL);
                throw new IllegalStateException("only a process can spawn a linked process, and this thread is none");
            }
            parent.link(process);
        }
        if (simulation != null) {
            simulation.spawned(process);
        }
        telemetry.emit(KernelEvent.Spawned.class, () -> new KernelEvent.Spawned(process));
    }

    /** Visits each process that is alive during the whole visit. */
    void forEachProcess(Consumer<LocalProcess> visitor) {
        processes.forEach(visitor);
    }

    /** Called once for each process, when it has died. */
    void gone(LocalProcess process, ExitReason reason) {
        if (simulation != null) {
            simulation.gone(process, reason);
        }
        processes.remove(process);
        counters.exited.increment();
        telemetry.emit(KernelEvent.Exited.class, () -> new KernelEvent.Exited(process, process.label(), reason));
    }

    /** What a process ends with when its code has thrown {@code thrown}; a crash is logged here, once. */
    ExitReason reasonOf(LocalProcess process, Throwable thrown) {
        return reasonOf(process, thrown, true);
    }

    /** The same for a process that fails to start, which is its starter's to report. */
    ExitReason reasonOf(LocalProcess process, Throwable thrown, boolean log) {
        if (thrown instanceof ProcessExit exit) {
            return exit.reason();
        }
        var reason = new ExitReason.Crashed(thrown);
        counters.crashed.increment();
        if (log && crashLines.admits()) {
            LOG.error("Process {} crashed{}", process.described(), crashLines.omitted(), thrown);
        }
        telemetry.emit(KernelEvent.Crashed.class, () -> new KernelEvent.Crashed(process, process.label(), reason));
        return reason;
    }

    // ---- names -----------------------------------------------------------------------------------------------

    /**
     * Gives a process a name; the name is free again when the process ends.
     *
     * @throws IllegalStateException if the name is taken or the process has ended
     */
    public void register(String name, Pid pid) {
        var process = local(pid);
        var owner = process.takeName(name);
        if (owner == process && process.isDead()) {
            throw new IllegalStateException("cannot register " + name + ": " + pid + " has ended");
        }
        if (owner != null) {
            throw new NameTaken(name, owner);
        }
    }

    /** Frees a name. Whether it was taken. */
    public boolean unregister(String name) {
        var process = names.remove(name);
        if (process == null) {
            return false;
        }
        process.lostName(name);
        return true;
    }

    /** Who has that name. */
    public Optional<Pid> whereis(String name) {
        // One truth: the map. Who is in it and dying is alive as far as names go, until its death takes it out.
        @Nullable Pid owner = names.get(name);
        return Optional.ofNullable(owner);
    }

    static LocalProcess local(Pid pid) {
        return switch (pid) {
            case LocalProcess process -> process;
        };
    }

    /** The process with that serial, if it is alive. */
    public Optional<Pid> find(long serial) {
        @Nullable Pid process = processes.find(serial);
        return Optional.ofNullable(process);
    }

    /**
     * Kills what still runs and lets go of the node's threads. Supervision trees are stopped in order before that, by
     * their owner.
     */
    @Override
    public void close() {
        closed = true;
        processes.forEach(process -> {
            if (process != Context.process()) {
                process.end(ExitReason.KILLED);
            }
        });
        timers.close();
        scheduler.close();
    }
}
