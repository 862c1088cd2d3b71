package dev.martlet.otp;

import dev.martlet.kernel.Caller;

/**
 * The one waiting caller of a {@link Call}. Keep it in the state to answer later, or hand it to another process.
 *
 * {@snippet :
 * case Take take when stock == 0 -> next(state.waiting(from(take)));          // nothing yet
 * case Put(var thing)            -> { state.first().reply(thing); yield next(state.rest()); }
 * }
 *
 * <p>If the server ends before it answers, its callers are told so.
 *
 * @param <R> what it waits for
 */
@FunctionalInterface
public interface From<R> {
    /** Answers. Only the first answer counts; one that comes after the caller gave up is dropped and counted. */
    void reply(R value);

    /** The one behind that caller. */
    static <R> From<R> to(Caller caller) {
        return value -> caller.reply(Answers.present(value));
    }
}
