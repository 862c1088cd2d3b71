package dev.martlet.otp;

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
 * }
 *
 * @param id how it is called among its siblings; unique there
 * @param name the name it is registered under, if any
 * @param restart when it is restarted
 * @param shutdown how long it may take to stop before it is killed
 * @param start starts it
 */
public record Child(String id, Optional<String> name, Restart restart, Duration shutdown, Start start) {
    /** When a child is restarted. */
    public enum Restart {
        /** Always. */
        PERMANENT,
        /** If it crashed: ended with anything but {@code Normal} and {@code Shutdown}. */
        TRANSIENT,
        /** Never. */
        TEMPORARY
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
        return new Child(id, name, restart, shutdown, start);
    }

    /** Registered under the name of that ref, which must be {@linkplain Ref#named a named one}; also its id. */
    public Child named(Ref<?> ref) {
        if (ref instanceof NamedRef<?>(var name, var _)) {
            return new Child(name, Optional.of(name), restart, shutdown, start);
        }
        throw new IllegalArgumentException("allowed is a ref made by Ref.named(name, protocol); got: " + ref);
    }

    /** Restarted when {@code restart} says so. */
    public Child restart(Restart restart) {
        return new Child(id, name, restart, shutdown, start);
    }

    /** With that long to stop; {@link Duration#ZERO} kills it at once. */
    public Child shutdown(Duration grace) {
        return new Child(id, name, restart, grace, start);
    }
}
