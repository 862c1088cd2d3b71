package dev.martlet.otp;

/**
 * The one waiting caller of a {@link Call}. Keep it in the state to answer later, or hand it to another process.
 *
 * @param <R> what it waits for
 */
@FunctionalInterface
public interface From<R> {
    /** Answers. Only the first answer counts; one that comes after the caller gave up is dropped and counted. */
    void reply(R value);
}
