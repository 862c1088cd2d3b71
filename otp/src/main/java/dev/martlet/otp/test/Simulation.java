package dev.martlet.otp.test;

import dev.martlet.kernel.Chaos;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.SimulatedNode;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.SupervisorRef;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/**
 * Runs unchanged code so that everything about it is decided by a seed: whose turn is next, when a timer fires, what goes
 * wrong. A race that shows once in a million runs elsewhere is here a seed that shows it each time. Needs no test
 * framework: what fails throws {@link SimulationFailed}.
 *
 * {@snippet :
 * Simulation.find(1, 1_000, sim -> {
 *     var account = sim.start(new Account());
 *     var a = Task.async(() -> deposit(account, 1));          // reads, adds, writes: in two calls
 *     var b = Task.async(() -> deposit(account, 1));
 *     a.await(ofSeconds(5));
 *     b.await(ofSeconds(5));
 *     assertEquals(2, account.call(new Balance()));           // seed 3 fails: expected 2 but was 1
 * });
 * Simulation.run(3, sim -> ...);                              // fails again, in the same way
 * }
 *
 * <p><b>How it goes.</b> The body is a process that traps exits; what it starts runs in the same node. One process runs
 * at a time, until it waits (receive, call, sleep), has handled its message, or, now and then, sends one; the seed picks
 * the next. Time stands still while anybody can run, then moves to the next timer or deadline: an hour's sleep takes
 * none. When the body returns, the rest is killed.
 *
 * <p><b>What it fails of:</b> what the body throws; nothing can happen any more, and the body has not returned; a
 * million turns; a turn of twenty seconds. A crash of another process is no failure; its supervisor sees to it.
 *
 * <p><b>What decides.</b> Code must not ask for what differs from run to run: take time from {@link #clock} and random
 * numbers from {@link #random}; do not wait for what the world outside does ({@code Thread.sleep}, sockets, threads of
 * your own executors). Two runs of a seed with different {@link Run#fingerprint} have done so.
 *
 * <p>After FoundationDB's simulation and Erlang's PULSE and Concuerror. Needs {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED}.
 */
public final class Simulation {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

    private final long seed;
    private final SimulatedNode simulated;

    /** What is simulated. */
    @FunctionalInterface
    public interface Body {
        /** Runs as a process of the simulated node. */
        void run(Simulation sim) throws Exception;
    }

    /**
     * A run that has not failed.
     *
     * @param seed its seed
     * @param trace the last 10,000 events, a line each
     * @param fingerprint equal for runs in which the same happened
     */
    public record Run(long seed, List<String> trace, long fingerprint) {}

    private Simulation(long seed) {
        this.seed = seed;
        this.simulated = new SimulatedNode(Node.Config.DEFAULT.name("simulation"), seed);
    }

    /**
     * Runs one seed.
     *
     * @throws SimulationFailed if it fails
     */
    public static Run run(long seed, Body body) {
        var simulation = new Simulation(seed);
        var failure = simulation.simulated.run(() -> body.run(simulation));
        if (failure.isPresent()) {
            throw new SimulationFailed(seed, failure.get(), simulation.trace());
        }
        return new Run(seed, simulation.trace(), simulation.simulated.fingerprint());
    }

    /**
     * Runs the seeds from {@code first} to {@code last} until one fails. With {@code -Dmartlet.seed=N} it runs N alone.
     *
     * @throws SimulationFailed by the first that fails
     */
    public static void find(long first, long last, Body body) {
        if (first > last) {
            throw new IllegalArgumentException("find takes the first and the last seed; got: " + first + ", " + last);
        }
        var one = Long.getLong("martlet.seed");
        if (one != null) {
            run(one, body);
            return;
        }
        for (var seed = first; seed <= last; seed++) {
            run(seed, body);
        }
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** The node that everything runs in. */
    public Node node() {
        return simulated.node();
    }

    /** Random numbers that the seed decides. */
    public Random random() {
        return simulated.random();
    }

    /** The time of the simulation; it begins with the year 2030. */
    public InstantSource clock() {
        return () -> BEGIN.plusNanos(node().nanos());
    }

    /** Starts a server linked to the body. */
    public <M> Ref<M> start(GenServer<M, ?> server) {
        return GenServer.startLink(server);
    }

    /** Starts a tree linked to the body. */
    public SupervisorRef start(Supervisor tree) {
        return tree.start();
    }

    /** What goes wrong from now on; {@link Chaos#NONE} ends it. The body itself is spared. */
    public void chaos(Chaos chaos) {
        simulated.chaos(chaos);
    }

    /** Adds a line of yours to the trace. */
    public void note(String line) {
        simulated.note(line);
    }

    /** What has happened so far. */
    public List<String> trace() {
        return simulated.trace();
    }
}
