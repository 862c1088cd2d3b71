package dev.martlet.otp;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * A supervision tree, or a part of one: starts its children in order, restarts them by strategy, stops them in reverse.
 * An immutable value; {@link #start} makes processes of it.
 *
 * {@snippet :
 * static Supervisor tree(int port) {
 *     var pubsub = PubSub.named("chat");
 *     return Supervisor.of(REST_FOR_ONE,
 *             child(pubsub),
 *             child(new Counter(0)).named(VISITS),
 *             child(Endpoint.http(port, …)).shutdown(Duration.ofSeconds(30)))
 *         .maxRestarts(3, Duration.ofSeconds(5));
 * }
 * void main() { Application.run(tree(4000)); }
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Children start one after the other, each when the one before is ready. If one fails, those before it are stopped
 *       in reverse order and the start fails with its reason.
 *   <li>A child that ends is restarted as its {@link Child.Restart} says; the {@link Strategy} says who goes with it.
 *   <li>More than {@link #maxRestarts} restarts within the period, by default 3 within 5 seconds, end the supervisor
 *       itself, and its own supervisor decides.
 *   <li>A child may have a {@linkplain Child#backoff wait} before restarts, and a {@linkplain Child#quarantine quarantine}
 *       instead of taking the supervisor along when it keeps crashing.
 *   <li>Stopping asks each child, the last first, waits as long as its {@link Child#shutdown} allows, then kills it.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/apps/stdlib/supervisor.html">supervisor</a>.
 */
public final class Supervisor implements Supervised {
    /** Who is restarted together. */
    public enum Strategy {
        /** Only the child that ended. */
        ONE_FOR_ONE,
        /** It and those that were started after it. */
        REST_FOR_ONE,
        /** All. */
        ONE_FOR_ALL
    }

    /** Whether the end of {@linkplain Child#significant significant} children ends the supervisor, in good order. */
    public enum AutoShutdown {
        /** It does not. */
        NEVER,
        /** The first of them that ends and is not restarted does. */
        ANY_SIGNIFICANT,
        /** The last of them does. */
        ALL_SIGNIFICANT
    }

    /** How the reason of a supervisor begins that ended because of too many restarts. */
    static final String GAVE_UP = "reached max restart intensity: ";

    final Strategy strategy;
    final List<Child> children;
    final int maxRestarts;
    final Duration period;
    final AutoShutdown autoShutdown;

    private Supervisor(
            Strategy strategy, List<Child> children, int maxRestarts, Duration period, AutoShutdown autoShutdown) {
        this.strategy = strategy;
        this.children = children;
        this.maxRestarts = maxRestarts;
        this.period = period;
        this.autoShutdown = autoShutdown;
        var _ = new Restarts(maxRestarts, period); // checks them
    }

    /**
     * A supervisor of these children, started in this order.
     *
     * @throws IllegalArgumentException if two have the same id
     */
    public static Supervisor of(Strategy strategy, Child... children) {
        var ids = new HashSet<String>();
        for (var i = 0; i < children.length; i++) {
            if (!ids.add(children[i].id())) {
                throw new IllegalArgumentException("the ids of children must differ; \"" + children[i].id()
                        + "\" is there twice, as child " + (firstWith(children, children[i].id()) + 1) + " and child "
                        + (i + 1) + ". Give one another id: child(…).id(\"…\")");
            }
        }
        return new Supervisor(strategy, List.of(children), 3, Duration.ofSeconds(5), AutoShutdown.NEVER);
    }

    private static int firstWith(Child[] children, String id) {
        var i = 0;
        while (!children[i].id().equals(id)) {
            i++;
        }
        return i;
    }

    /**
     * Gives up after more than {@code count} restarts within that time. Its reason is {@code Shutdown} with a text, as
     * OTP's, so a transient supervisor does not come back then, and a permanent one, as they are, does.
     */
    public Supervisor maxRestarts(int count, Duration within) {
        return new Supervisor(strategy, children, count, within, autoShutdown);
    }

    /** Stops, with {@code Shutdown}, when significant children have ended. */
    public Supervisor autoShutdown(AutoShutdown when) {
        return new Supervisor(strategy, children, maxRestarts, period, when);
    }

    /** Refuses a child whose policy means nothing here. */
    void check(Child child) {
        if (child.policy().significant() && autoShutdown == AutoShutdown.NEVER) {
            throw new IllegalArgumentException("a significant child is for a supervisor with autoShutdown, "
                    + "ANY_SIGNIFICANT or ALL_SIGNIFICANT; \"" + child.id() + "\" is in one with NEVER");
        }
        if (child.policy().significant() && child.restart() == Child.Restart.PERMANENT) {
            throw new IllegalArgumentException("a significant child is transient or temporary, because a permanent one"
                    + " never ends for good; \"" + child.id()
                    + "\" is permanent. Give it restart(TRANSIENT) or restart(TEMPORARY)");
        }
        if (child.policy().quarantine().isPresent() && strategy != Strategy.ONE_FOR_ONE) {
            throw new IllegalArgumentException("quarantine sets one child aside while the others go on, so it is for"
                    + " ONE_FOR_ONE; \"" + child.id() + "\" is in a supervisor of " + strategy);
        }
    }

    /**
     * Starts it, linked to the calling process if that is one, and waits until all children are ready.
     *
     * @throws StartFailed if a child does not start; those before it have been stopped
     * @throws IllegalArgumentException if the policy of a child means nothing here
     */
    public SupervisorRef start() {
        return new SupervisorRef(start(Proc.isProcess() ? Spawn.DEFAULT.linkedOrderly() : Spawn.DEFAULT));
    }

    Pid start(Spawn spawn) {
        children.forEach(this::check);
        var pid = Node.current()
                .spawn(spawn.label().isEmpty() ? spawn.label("Supervisor") : spawn, new SupervisorLoop(this));
        SupervisorLoop.awaitReady(pid);
        return pid;
    }

    /** As a child of another supervisor: permanent, with no limit on how long it may take to stop but a minute. */
    @Override
    public Child child() {
        return Child.of("Supervisor", this::start).shutdown(Duration.ofMinutes(1));
    }
}
