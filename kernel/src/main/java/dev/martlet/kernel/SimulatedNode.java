package dev.martlet.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A node that does one thing at a time, in an order that a seed decides, by a clock of its own: the same code with the
 * same seed does the same. It is the engine of {@code dev.martlet.otp.test.Simulation}, which is what tests use.
 *
 * {@snippet :
 * var simulated = new SimulatedNode(Node.Config.DEFAULT, 17);
 * Optional<Throwable> failure = simulated.run(() -> {
 *     var server = Proc.spawn(() -> Proc.receive(String.class));
 *     Proc.sleep(Duration.ofHours(1));             // at once: nothing else is to happen
 *     Proc.send(server, "done");
 * });
 * simulated.trace().forEach(System.out::println);
 * }
 *
 * <p>Whoever waits by the node (receive, call, sleep, a full mailbox) or by {@code java.util.concurrent} is part of it.
 * What the outside world wakes is not: {@code Thread.sleep}, sockets, executors of other threads.
 *
 * <p>Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
public final class SimulatedNode {
    /** How long one turn may take of the machine's time. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimulatedScheduler scheduler;
    private final Node node;
    private final long maxTurns;
    private final AtomicLong turns = new AtomicLong();

    /**
     * Prepares a run of that seed, of at most a million turns.
     *
     * @throws IllegalStateException if {@code java.base/java.lang} is not open
     */
    public SimulatedNode(Node.Config config, long seed) {
        this(config, seed, 1_000_000);
    }

    /** Prepares a run of that seed, of at most so many turns. */
    public SimulatedNode(Node.Config config, long seed, long maxTurns) {
        if (!InjectedThreads.available()) {
            throw new IllegalStateException(
                    "a simulation schedules virtual threads itself, and java.base/java.lang is not "
                            + "open to Martlet; start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED");
        }
        this.scheduler = new SimulatedScheduler(seed);
        this.node = new Node(config, scheduler);
        this.maxTurns = maxTurns;
    }

    /** The node; its processes run inside of {@link #run} only. */
    public Node node() {
        return node;
    }

    /** Random numbers of the seed, for the code that runs in it. */
    public Random random() {
        return scheduler.random;
    }

    /** What goes wrong from now on. */
    public void chaos(Chaos chaos) {
        scheduler.chaos = chaos;
    }

    /** Adds a line to the trace. */
    public void note(String line) {
        scheduler.note(SimulatedTrace.text(line));
    }

    /** What has happened, one line for each spawn, turn, send and exit: the last 10,000. */
    public List<String> trace() {
        return scheduler.trace.lines();
    }

    /** A number that is the same for runs in which the same happened, from beginning to end. */
    public long fingerprint() {
        return scheduler.trace.fingerprint();
    }

    /**
     * Runs {@code main} as a process that traps exits, until it ends; then everything else is killed. Once only.
     *
     * @return what it threw, or why it could not go on; empty if it returned
     */
    public Optional<Throwable> run(Proc.Body main) {
        var result = new CompletableFuture<Optional<Throwable>>();
        var thread = Thread.ofPlatform()
                .daemon()
                .name("simulation")
                .start(() -> result.completeAsync(() -> loop(main), Runnable::run));
        for (var before = -1L; ; before = turns.get()) {
            try {
                return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (turns.get() == before) {
                    return Optional.of(stuck(
                            "one turn takes longer than " + PATIENCE.toSeconds() + " s. A simulation "
                                    + "cannot go on while a process loops, or blocks its thread",
                            thread));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of(e);
            } catch (ExecutionException e) {
                return Optional.of(e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private static IllegalStateException stuck(String why, Thread thread) {
        var error = new IllegalStateException(why);
        error.setStackTrace(thread.getStackTrace());
        return error;
    }

    private Optional<Throwable> loop(Proc.Body main) {
        var thrown = new Throwable[1];
        var process = (LocalProcess) node.spawn(Spawn.DEFAULT.label("main").trappingExits(), () -> {
            try {
                main.run();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        });
        scheduler.spare(process);
        @Nullable Throwable failure = null;
        while (process.isAlive() && failure == null) {
            if (turns.incrementAndGet() > maxTurns) {
                failure = new IllegalStateException("the simulation has not come to its end after " + maxTurns
                        + " turns; it waits:" + scheduler.waiting(living()));
            } else if (!scheduler.turn()) {
                failure = new IllegalStateException(
                        "nothing can happen any more, and main has not returned. Each of these"
                                + " waits for another, or for what is not part of a simulation (Thread.sleep, sockets, other"
                                + " threads):" + scheduler.waiting(living()));
            }
        }
        if (failure == null) {
            failure = thrown[0];
        }
        node.close();
        for (var left = 100_000; left > 0 && scheduler.turn(); left--) {
            turns.incrementAndGet(); // the killed find out that they are dead
        }
        return Optional.ofNullable(failure);
    }

    private List<LocalProcess> living() {
        var all = new ArrayList<LocalProcess>();
        node.forEachProcess(all::add);
        return all;
    }
}
