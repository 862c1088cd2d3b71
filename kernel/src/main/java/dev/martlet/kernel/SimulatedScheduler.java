package dev.martlet.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs everything of one node on one thread, one turn at a time; a seed decides whose turn is next. A turn is what a
 * virtual thread does until it waits: the handling of one message by a server process, or a stretch of a body. When
 * nothing can run, time moves to the next moment at which something is due.
 *
 * <p>So nothing here needs a lock: all fields belong to the thread in {@link #turn}, or to the virtual thread that it
 * carries.
 */
final class SimulatedScheduler implements Scheduler {
    /** In how many sends one is a moment at which others may run first. */
    private static final int YIELDS = 8;

    final SimulatedTime time = new SimulatedTime();
    final Timers timers = new Timers(time);
    final Random random;
    final SimulatedTrace trace = new SimulatedTrace();
    Chaos chaos = Chaos.NONE;

    private final List<Turn> runnable = new ArrayList<>();
    private final PriorityQueue<Late> late =
            new PriorityQueue<>(Comparator.comparingLong(Late::due).thenComparingLong(Late::number));
    private final Map<Channel, List<Letter>> kept = new HashMap<>();
    private final List<Lane> blocked = new ArrayList<>();
    private final ConcurrentLinkedQueue<Turn> outside = new ConcurrentLinkedQueue<>();
    private @Nullable Thread loop;
    private @Nullable LocalProcess spared;
    private long numbers;
    private boolean closed;

    /** What can run: a lane, or a virtual thread that was started in one. */
    private record Turn(Lane lane, Runnable continuation) {}

    /** What is to be done at some moment. */
    private record Late(long due, long number, Runnable action) {}

    /** From one process to another messages stay in order. */
    private record Channel(@Nullable LocalProcess from, LocalProcess to) {}

    SimulatedScheduler(long seed) {
        this.random = new Random(seed);
    }

    /** One virtual thread of a process, and what the JDK takes for its scheduler. */
    private final class Lane extends Context implements Executor {
        private final LocalProcess owner;
        private final Thread thread;
        private @Nullable Runnable continuation;

        @SuppressWarnings("this-escape") // the thread is not started here
        Lane(LocalProcess owner, Runnable code) {
            this.owner = owner;
            this.batch = 1;
            this.thread = InjectedThreads.unstarted(this, "simulated " + SimulatedTrace.name(owner), () -> {
                enter();
                code.run();
            });
        }

        @Override
        public void execute(Runnable what) {
            if (continuation == null) {
                continuation = what;
            }
            var turn = new Turn(this, what);
            var current = Thread.currentThread();
            if (current == loop || current.isVirtual() || loop == null) {
                runnable.add(turn);
            } else {
                outside.add(turn);
            }
        }
    }

    @Override
    public void schedule(ServerProcess process) {
        if (!closed) {
            var lane = new Lane[1];
            lane[0] = new Lane(process, () -> process.activate(lane[0]));
            lane[0].thread.start();
        }
    }

    @Override
    public Thread newThread(BodyProcess process, Runnable body) {
        return new Lane(process, body).thread;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Never killed or delayed: the process that the simulation is about. */
    void spare(LocalProcess process) {
        loop = Thread.currentThread();
        spared = process;
    }

    // ---- turns -----------------------------------------------------------------------------------------------

    /** Lets somebody have a turn, or time move on. False if nothing can happen any more. */
    boolean turn() {
        admitOutsiders();
        if (runnable.isEmpty()) {
            return passTime();
        }
        var at = random.nextInt(runnable.size());
        var turn = runnable.get(at);
        var last = runnable.removeLast();
        if (at < runnable.size()) {
            runnable.set(at, last);
        }
        var own = turn.continuation == turn.lane.continuation;
        if (own && isStruck(turn)) {
            return true;
        }
        note("run " + SimulatedTrace.name(turn.lane.owner) + (own ? "" : " a thread of its own"));
        turn.continuation.run();
        if (own && turn.lane.thread.getState() == Thread.State.BLOCKED) {
            blocked.add(turn.lane);
        }
        return true;
    }

    private boolean isStruck(Turn turn) {
        var process = turn.lane.owner;
        if (process == spared || closed) {
            return false;
        }
        if (chaos.kill() > 0
                && process.isAlive()
                && chaos.mayBeKilled().test(process.label())
                && random.nextDouble() < chaos.kill()) {
            note("chaos kills " + SimulatedTrace.name(process));
            process.end(ExitReason.KILLED);
        }
        if (chaos.delay() > 0 && random.nextDouble() < chaos.delay()) {
            var by = random.nextLong(chaos.delayAtMost().toNanos() + 1);
            note("chaos delays " + SimulatedTrace.name(process) + " by " + by + " ns");
            later(by, () -> runnable.add(turn));
            return true;
        }
        return false;
    }

    /**
     * A thread that waits for a monitor is woken by a thread of the JDK, some microseconds after the monitor was left.
     * To wait for that keeps the order the same from run to run.
     */
    private void admitOutsiders() {
        for (var tries = 0; tries < 150 && !blocked.isEmpty() && outside.isEmpty(); tries++) {
            LockSupport.parkNanos(100_000);
        }
        for (var turn = outside.poll(); turn != null; turn = outside.poll()) {
            if (!blocked.remove(turn.lane)) {
                note("from outside: " + SimulatedTrace.name(turn.lane.owner));
            }
            runnable.add(turn);
        }
    }

    private boolean passTime() {
        var next = Math.min(time.nextDeadline(), timers.nextDeadline());
        if (!late.isEmpty()) {
            next = Math.min(next, late.peek().due);
        }
        if (next == TimeSource.NEVER) {
            return false;
        }
        time.moveTo(Math.max(next, time.nanos()));
        timers.advance();
        for (var first = late.peek(); first != null && first.due <= time.nanos(); first = late.peek()) {
            late.remove();
            first.action.run();
        }
        return true;
    }

    private void later(long nanos, Runnable action) {
        late.add(new Late(time.nanos() + nanos, numbers++, action));
    }

    // ---- what happens ----------------------------------------------------------------------------------------

    void note(String what) {
        trace.add(time.nanos(), what);
    }

    void spawned(LocalProcess process) {
        note("spawn " + SimulatedTrace.name(process));
    }

    /** Before others hear of it: what the process had sent comes first. */
    void gone(LocalProcess process, ExitReason reason) {
        note("exit " + SimulatedTrace.name(process) + " " + SimulatedTrace.text(reason));
        deliverFrom(process);
    }

    /** A message is sent. Whether it is on its way for a while. */
    boolean keeps(LocalProcess to, Letter letter) {
        var from = Context.process();
        note("send " + (from == null ? "" : SimulatedTrace.name(from)) + " -> " + SimulatedTrace.name(to) + " "
                + SimulatedTrace.text(letter.message));
        if (Context.current() instanceof Lane lane && random.nextInt(YIELDS) == 0) {
            lane.mustYield = true; // before its next send
        }
        if (closed || to == from) {
            return false;
        }
        var channel = new Channel(from, to);
        var before = kept.get(channel);
        if (before != null) {
            before.add(letter);
            return true;
        }
        if (chaos.delayMessages() == 0 || random.nextDouble() >= chaos.delayMessages()) {
            return false;
        }
        kept.put(channel, new ArrayList<>(List.of(letter)));
        later(random.nextLong(chaos.messagesAtMost().toNanos() + 1), () -> deliver(channel));
        return true;
    }

    private void deliver(Channel channel) {
        var letters = kept.remove(channel);
        if (letters == null) {
            return; // a signal was behind them, or their sender has ended
        }
        for (var letter : letters) {
            note("deliver -> " + SimulatedTrace.name(channel.to) + " " + SimulatedTrace.text(letter.message));
            switch (channel.to.tryPost(letter)) {
                case DEAD -> letter.refuse(ExitReason.NO_PROCESS);
                case FULL -> channel.to.dropped(); // its sender has gone on long ago
                case ACCEPTED -> {}
            }
        }
    }

    void deliverFrom(LocalProcess from) {
        if (!kept.isEmpty()) {
            kept.keySet().stream()
                    .filter(channel -> channel.from == from)
                    .sorted(Comparator.comparingLong(channel -> channel.to.serial()))
                    .toList()
                    .forEach(this::deliver);
        }
    }

    /** Who could run, and where the others wait; for errors. */
    String waiting(Iterable<LocalProcess> processes) {
        var text = new StringBuilder();
        for (var process : processes) {
            text.append("\n    ").append(SimulatedTrace.name(process));
            var thread = process.runner();
            if (thread != null) {
                for (var frame : thread.getStackTrace()) {
                    if (!frame.getClassName().startsWith("java.")) {
                        text.append("\n        at ").append(frame);
                    }
                }
            }
        }
        return text.toString();
    }
}
