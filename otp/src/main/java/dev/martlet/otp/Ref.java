package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * The address of a server that speaks protocol {@code M}: a pid, or a name that survives restarts.
 *
 * {@snippet :
 * static final Ref<Counter.Msg> VISITS = Ref.named("visits", Counter.Msg.class);
 *
 * VISITS.cast(new Counter.Msg.Add(1));
 * long n = VISITS.call(new Counter.Msg.Get());
 * }
 *
 * <p>Messages through one ref from one process arrive in the order sent, casts and calls alike.
 *
 * @param <M> the protocol
 */
public interface Ref<M> {
    /** A ref to whoever has that name in the node of the caller, now or later. */
    static <M> Ref<M> named(String name, Class<M> protocol) {
        return new NamedRef<>(name, protocol);
    }

    /** A ref to that process, taken at its word that it speaks {@code M}. */
    static <M> Ref<M> of(Pid pid) {
        return new PidRef<>(pid);
    }

    /** Who is behind it now; empty for a name nobody has. */
    Optional<Pid> pid();

    /** Sends a message and goes on. To a dead or absent server it does nothing. */
    void cast(M message);

    /**
     * Sends a request and waits for its answer, for as long as {@code Node.Config.callTimeout} says (5 s).
     *
     * @throws dev.martlet.kernel.CallFailed if there is no answer: the server is absent, ends, is overloaded, takes too
     *     long, or itself waits for the caller
     */
    <R> R call(Call<? extends M, R> request);

    /** The same, for at most that long. */
    <R> R call(Call<? extends M, R> request, Duration timeout);

    /**
     * Sends a request whose answer is waited for later: to ask several at once, or to do something in between. Whatever
     * goes wrong is said when it is awaited, an absent server too.
     */
    <R> Pending<R> sendRequest(Call<? extends M, R> request);

    /** Sends a message after a while. A name is looked up now, not then. */
    Timer castAfter(Duration delay, M message);
}
