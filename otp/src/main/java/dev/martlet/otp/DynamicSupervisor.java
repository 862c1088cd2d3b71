package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.List;

/**
 * A supervisor of children that come and go, from none to a million: sessions, games, imports. They are known by pid and
 * independent of each other, as under {@code ONE_FOR_ONE}.
 *
 * {@snippet :
 * static final DynamicSupervisor GAMES = DynamicSupervisor.of("games").maxChildren(10_000);
 *
 * Supervisor.of(ONE_FOR_ONE, child(GAMES));                      // in the tree
 * Ref<Game.Msg> game = GAMES.start(new Game("chess"));           // anywhere
 * GAMES.terminateChild(game.pid().orElseThrow());
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Children are started one after the other, each when the one before is ready, in the supervisor's process. A slow
 *       {@code init} holds the others up: return early and use {@link Next#then}, or {@link PartitionSupervisor}.
 *   <li>Each child is restarted as its own specification says; restarts above the intensity end the supervisor.
 *   <li>Stopping asks all at once and then waits, so a million takes seconds; each has its own budget.
 *   <li>The value is the handle: the one that was started in the tree is the one to ask.
 * </ul>
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/DynamicSupervisor.html">DynamicSupervisor</a>.
 */
public final class DynamicSupervisor implements Supervised {
    /** The limit of {@link #maxChildren} is reached; the child was not started. */
    public static final class TooManyChildren extends IllegalStateException {
        private static final long serialVersionUID = 1;

        TooManyChildren(String name, int max) {
            super("the dynamic supervisor " + name + " has " + max
                    + " children, as many as it may; allow more by maxChildren, or start fewer");
        }
    }

    final String name;
    final int maxChildren;
    final int maxRestarts;
    final Duration period;
    private final Keeper keeper;

    private DynamicSupervisor(String name, int maxChildren, int maxRestarts, Duration period) {
        if (maxChildren < 1) {
            throw new IllegalArgumentException("maxChildren: allowed is 1 or more; got: " + maxChildren);
        }
        var _ = new Restarts(maxRestarts, period); // checks them
        this.name = name;
        this.maxChildren = maxChildren;
        this.maxRestarts = maxRestarts;
        this.period = period;
        this.keeper = new Keeper("the dynamic supervisor " + name);
    }

    /** At most 1,000,000 children, 3 restarts within 5 s. Nothing runs before it is started. */
    public static DynamicSupervisor of(String name) {
        return new DynamicSupervisor(name, 1_000_000, 3, Duration.ofSeconds(5));
    }

    /** One of its own with at most that many children. */
    public DynamicSupervisor maxChildren(int max) {
        return new DynamicSupervisor(name, max, maxRestarts, period);
    }

    /** One of its own that gives up after more than {@code count} restarts within that time. */
    public DynamicSupervisor maxRestarts(int count, Duration within) {
        return new DynamicSupervisor(name, maxChildren, count, within);
    }

    /** Starts it, linked to the calling process if that is one; usually a supervisor does. */
    public DynamicSupervisor start() {
        start(Proc.isProcess() ? Spawn.DEFAULT.linkedOrderly() : Spawn.DEFAULT);
        return this;
    }

    private Pid start(Spawn spawn) {
        return keeper.start(() -> Node.current().spawn(spawn.label(name), new DynamicLoop(this)));
    }

    /** Its process. */
    public Pid pid() {
        return keeper.pid();
    }

    /**
     * Starts a child and waits until it is ready. Its id and name are used, its place is by pid.
     *
     * @throws StartFailed if it does not start
     * @throws IllegalArgumentException if it is significant, which is for a {@link Supervisor}
     * @throws TooManyChildren if there are as many as there may be
     */
    public Pid startChild(Child child) {
        return switch (Proc.call(pid(), new DynamicLoop.Start(child), SupervisorRef.FOR_EVER)) {
            case Pid started -> started;
            case RuntimeException failed -> throw failed;
            case Object other -> throw new IllegalStateException("unexpected answer: " + other);
        };
    }

    /** The same for a server. */
    public <M> Ref<M> start(GenServer<M, ?> server) {
        return Ref.of(startChild(server.child()));
    }

    /**
     * Stops a child for good, within its budget. One that waits for a restart goes by the pid it had. Whether it was one.
     */
    public boolean terminateChild(Pid child) {
        return (Boolean) Proc.call(pid(), new DynamicLoop.Terminate(child), SupervisorRef.FOR_EVER);
    }

    /** All of them, those that wait for a restart included, in no order. */
    @SuppressWarnings("unchecked")
    public List<SupervisorRef.Status> children() {
        return (List<SupervisorRef.Status>) Proc.call(pid(), new DynamicLoop.Which(), SupervisorRef.FOR_EVER);
    }

    /** How many there are, those that wait for a restart included. */
    public int count() {
        return (Integer) Proc.call(pid(), new DynamicLoop.Count(), SupervisorRef.FOR_EVER);
    }

    /** Stops all children, then itself; for one that was started by {@link #start()}. Returns when all have ended. */
    public void stop() {
        keeper.find().ifPresent(pid -> {
            if (Proc.isProcess()) {
                Proc.unlink(pid);
            }
            Proc.sendPriority(pid, new DynamicLoop.Stop(ExitReason.SHUTDOWN));
            Proc.awaitExit(pid, SupervisorRef.FOR_EVER);
        });
    }

    /** As a child of a supervisor: permanent, with a minute to stop all of its children. */
    @Override
    public Child child() {
        return Child.of(name, this::start).shutdown(Duration.ofMinutes(1));
    }
}
