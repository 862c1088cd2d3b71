package dev.martlet.web.channel;

import java.util.Map;

/**
 * Whether a client may join.
 *
 * @param <S> the state of the channel
 */
public sealed interface Join<S> {
    /**
     * It may.
     *
     * @param state the first state
     * @param reply the response, an object
     * @param <S> the state of the channel
     */
    record Ok<S>(S state, Object reply) implements Join<S> {}

    /**
     * It may not. Its client library tries again after a while.
     *
     * @param response tells why, an object
     * @param <S> the state of the channel
     */
    record Refused<S>(Object response) implements Join<S> {}

    /** It may; the response is empty. */
    static <S> Join<S> ok(S state) {
        return new Ok<>(state, Map.of());
    }

    /** It may, and gets that response. */
    static <S> Join<S> ok(S state, Object reply) {
        return new Ok<>(state, reply);
    }

    /** It may not; the response is {@code {"reason": reason}}. */
    static <S> Join<S> refused(String reason) {
        return new Refused<>(Map.of("reason", reason));
    }

    /** It may not, and gets that response. */
    static <S> Join<S> refusedWith(Object response) {
        return new Refused<>(response);
    }
}
