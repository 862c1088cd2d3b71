package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import java.time.Duration;

/**
 * What a server does after a message. Plain data, so a handler is testable as a function. Made by {@link
 * GenServer#next}, {@link GenServer#reply} and {@link GenServer#stop}.
 *
 * @param <S> the state
 */
public sealed interface Next<S> {
    /** The state from now on. */
    S state();

    /**
     * Goes on.
     *
     * @param <S> the state
     * @param state the state from now on
     */
    record Continue<S>(S state) implements Next<S> {}

    /**
     * Answers the message being handled and goes on.
     *
     * @param <S> the state
     * @param to the message
     * @param value the answer
     * @param state the state from now on
     */
    record Reply<S>(Call<?, ?> to, Object value, S state) implements Next<S> {
        /** Refuses null as an answer. */
        public Reply {
            Answers.present(value);
        }
    }

    /**
     * Ends the server.
     *
     * @param <S> the state
     * @param reason why
     * @param state the last state, for {@link GenServer#terminate}
     */
    record Stop<S>(ExitReason reason, S state) implements Next<S> {}

    /**
     * Does as {@code first} says and then, before any other message, calls {@link GenServer#handleContinue}.
     *
     * @param <S> the state
     * @param first a {@link Continue} or {@link Reply}
     * @param with what for
     */
    record Then<S>(Next<S> first, Object with) implements Next<S> {
        @Override
        public S state() {
            return first.state();
        }
    }

    /**
     * Does as {@code first} says, and has {@link GenServer.Timeout} sent to {@link GenServer#handleInfo} if no message
     * comes for that long.
     *
     * @param <S> the state
     * @param first a {@link Continue} or {@link Reply}
     * @param idle how long
     */
    record Within<S>(Next<S> first, Duration idle) implements Next<S> {
        @Override
        public S state() {
            return first.state();
        }
    }

    /** This, and then {@link GenServer#handleContinue} with that value before any other message. */
    default Next<S> then(Object with) {
        return new Then<>(this, with);
    }

    /** This, and {@link GenServer.Timeout} if no message comes for that long. */
    default Next<S> within(Duration idle) {
        return new Within<>(this, idle);
    }
}
