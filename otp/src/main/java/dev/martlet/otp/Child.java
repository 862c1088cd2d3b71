package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.Optional;

/**
 * A child specification: how a {@link Supervisor} starts, restarts and stops one child. An immutable value, each method
 * returns a changed copy.
 *
 * {@snippet :
 * child(new Counter(0)).named(VISITS).restart(TRANSIENT).shutdown(Duration.ofSeconds(30))
 * child(new Gateway(url))
 *     .backoff(Duration.ofMillis(100), Duration.ofSeconds(30))     // wait between restarts, longer and longer
 *     .quarantine(5, Duration.ofMinutes(1), Duration.ofMinutes(5)) // after 5 in a minute, try again every 5 minutes
 * }
 *
 * @param id how it is called among its siblings; unique there
 * @param name the name it is registered under, if any
 * @param restart when it is restarted
 * @param shutdown how long it may take to stop before it is killed
 * @param start starts it
 * @param policy the finer points
 */
public record Child(String id, Optional<String> name, Restart restart, Duration shutdown, Start start, Policy policy) {
    /** When a child is restarted. */
    public enum Restart {
        /** Always. */
        PERMANENT,
        /** If it crashed: ended with anything but {@code Normal} and {@code Shutdown}. */
        TRANSIENT,
        /** Never. */
        TEMPORARY;

        /** Whether a child that ended so comes back. */
        boolean after(ExitReason reason) {
            return switch (this) {
                case PERMANENT -> true;
                case TRANSIENT -> reason.isCrash();
                case TEMPORARY -> false;
            };
        }
    }

    /** Starts a child. */
    @FunctionalInterface
    public interface Start {
        /**
         * Runs in the supervisor's process: starts the child with {@code spawn}, which says that it is linked and how it
         * is named, and returns when it is ready. Throwing means that it could not start.
         */
        Pid start(Spawn spawn) throws Exception;
    }

    /**
     * The finer points of a child.
     *
     * @param startWithin how long {@code init} may take; then the start has failed, and the child is killed
     * @param significant whether its end may {@linkplain Supervisor#autoShutdown shut down} the supervisor
     * @param backoff the waits between restarts; empty for none
     * @param quarantine what is done if it keeps crashing; empty: the supervisor's intensity decides
     */
    public record Policy(
            Duration startWithin, boolean significant, Optional<Backoff> backoff, Optional<Quarantine> quarantine) {
        /** 30 s to start, not significant, restarted at once, counted by its supervisor. */
        public static final Policy DEFAULT =
                new Policy(Duration.ofSeconds(30), false, Optional.empty(), Optional.empty());
    }

    /**
     * Waits between restarts: before the n-th in a row a random time (<em>full jitter</em>) between nothing and {@code
     * base * 2^(n-1)}, at most {@code cap}. A child that ran longer than {@code cap} starts over. See <a
     * href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential Backoff and
     * Jitter</a>.
     *
     * @param base the longest first wait
     * @param cap the longest wait
     */
    public record Backoff(Duration base, Duration cap) {
        /** Checks them. */
        public Backoff {
            if (!base.isPositive() || cap.compareTo(base) < 0) {
                throw new IllegalArgumentException("allowed is 0 < base <= cap; got: " + base + " and " + cap);
            }
        }
    }

    /**
     * Sets a child that keeps crashing aside, while its siblings go on: as a circuit breaker it is tried once after
     * {@code probeAfter}; if it then lives as long as {@code within} it is well again, else it stays for another turn.
     *
     * @param crashes how many restarts within that time are tolerated
     * @param within that time
     * @param probeAfter how long it is left alone
     */
    public record Quarantine(int crashes, Duration within, Duration probeAfter) {
        /** Checks them. */
        public Quarantine {
            if (crashes < 0 || !within.isPositive() || !probeAfter.isPositive()) {
                throw new IllegalArgumentException("allowed is crashes >= 0, within and probeAfter > 0; got: " + crashes
                        + ", " + within + ", " + probeAfter);
            }
        }
    }

    /** With the default policy. */
    public Child(String id, Optional<String> name, Restart restart, Duration shutdown, Start start) {
        this(id, name, restart, shutdown, start, Policy.DEFAULT);
    }

    /** The specification that {@code what} comes with. */
    public static Child child(Supervised what) {
        return what.child();
    }

    /** A permanent child with 5 s to stop. */
    public static Child of(String id, Start start) {
        return new Child(id, Optional.empty(), Restart.PERMANENT, Duration.ofSeconds(5), start);
    }

    /** With that id. */
    public Child id(String id) {
        return new Child(id, name, restart, shutdown, start, policy);
    }

    /** Registered under the name of that ref, which must be {@linkplain Ref#named a named one}; also its id. */
    public Child named(Ref<?> ref) {
        if (ref instanceof NamedRef<?>(var name, var _)) {
            return new Child(name, Optional.of(name), restart, shutdown, start, policy);
        }
        throw new IllegalArgumentException("allowed is a ref made by Ref.named(name, protocol); got: " + ref);
    }

    /** Restarted when {@code restart} says so. */
    public Child restart(Restart restart) {
        return new Child(id, name, restart, shutdown, start, policy);
    }

    /** With that long to stop; {@link Duration#ZERO} kills it at once. */
    public Child shutdown(Duration grace) {
        return new Child(id, name, restart, grace, start, policy);
    }

    /**
     * With that long for {@code init}. It binds servers, state machines and all that is started by this module; a
     * {@link Start} of your own that blocks by itself has to keep its time by itself.
     */
    public Child startWithin(Duration limit) {
        return with(new Policy(limit, policy.significant, policy.backoff, policy.quarantine));
    }

    /** Of significance for {@link Supervisor#autoShutdown}. As in OTP, for transient and temporary children of one that has it. */
    public Child significant() {
        return with(new Policy(policy.startWithin, true, policy.backoff, policy.quarantine));
    }

    /** Restarted after a wait, longer from time to time, see {@link Backoff}. */
    public Child backoff(Duration base, Duration cap) {
        var backoff = Optional.of(new Backoff(base, cap));
        return with(new Policy(policy.startWithin, policy.significant, backoff, policy.quarantine));
    }

    /** Set aside if it keeps crashing, see {@link Quarantine}; its restarts do not count for the supervisor then. */
    public Child quarantine(int crashes, Duration within, Duration probeAfter) {
        var quarantine = Optional.of(new Quarantine(crashes, within, probeAfter));
        return with(new Policy(policy.startWithin, policy.significant, policy.backoff, quarantine));
    }

    private Child with(Policy policy) {
        return new Child(id, name, restart, shutdown, start, policy);
    }
}
