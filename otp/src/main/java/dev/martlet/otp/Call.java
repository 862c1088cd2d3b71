package dev.martlet.otp;

/**
 * Marks a message of protocol {@code M} that expects an {@code R} back, so that {@link Ref#call} and {@link
 * GenServer#reply} are checked by the compiler.
 *
 * {@snippet :
 * sealed interface Msg {
 *     record Get() implements Msg, Call<Msg, Long> {}
 * }
 * long n = counter.call(new Msg.Get());
 * }
 *
 * @param <M> the protocol it belongs to
 * @param <R> what is answered
 */
public interface Call<M, R> {}
