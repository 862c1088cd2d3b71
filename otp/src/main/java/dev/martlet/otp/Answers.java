package dev.martlet.otp;

import org.jspecify.annotations.Nullable;

/** What a handler is told that did not answer as it must. */
final class Answers {
    private Answers() {}

    static IllegalStateException missing(Object behaviour, Object message, @Nullable Object got) {
        return new IllegalStateException(behaviour.getClass().getName() + " handled " + message
                + " and returned without answering it. A Call is answered by one of:\n"
                + "    return reply(request, value, state);    // now\n"
                + "    var from = from(request);               // later: keep `from` in the state, then from.reply(value)\n"
                + "got: " + got);
    }

    static IllegalStateException notThis(Object message, Object to) {
        return new IllegalStateException("reply(request, value, state) answers the message being handled, " + message
                + "; got: " + to + ". To answer an earlier one keep from(request) in the state.");
    }

    static IllegalStateException none(Object behaviour, Object message) {
        return new IllegalStateException(behaviour.getClass().getName() + " handled " + message
                + " and returned null. A handler returns what is to be done next, made by one of:\n"
                + "    next(state)    reply(request, value, state)    stop(reason, state)");
    }

    /** Answers are never null: a slot that is null is still open. */
    static <R> R present(R value) {
        if (value == null) {
            throw new NullPointerException(
                    "an answer must not be null; declare the Call with Optional<…> and answer Optional.empty()");
        }
        return value;
    }
}
