package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import org.jspecify.annotations.Nullable;

/**
 * A server: one process, one sealed protocol, one explicit state.
 *
 * <p>Implement it with a record. The components are what the server needs; they never change. What changes is {@code S},
 * made by {@link #init} and passed from message to message, so a restart is nothing but {@code init} again on the same
 * value, and {@link #handle} is a function a test can call without starting anything.
 *
 * {@snippet :
 * record Counter(long initial) implements GenServer<Counter.Msg, Long> {
 *     sealed interface Msg {
 *         record Add(long n) implements Msg {}
 *         record Get()       implements Msg, Call<Msg, Long> {}
 *     }
 *     public Long init(Ref<Msg> self) { return initial; }
 *     public Next<Long> handle(Msg msg, Long count) {
 *         return switch (msg) {
 *             case Msg.Add(var n) -> next(count + n);
 *             case Msg.Get get    -> reply(get, count, count);
 *         };
 *     }
 * }
 * var counter = GenServer.start(new Counter(0));
 * counter.cast(new Counter.Msg.Add(2));
 * long n = counter.call(new Counter.Msg.Get());   // 2
 * }
 *
 * <pre>
 *   caller                 server process              your code
 *     |  call(request)          |                          |
 *     |------------------------&gt;|  handle(request, state)  |
 *     |                         |-------------------------&gt;|
 *     |                         |  reply(request, v, next) |
 *     |            v            |&lt;-------------------------|
 *     |&lt;------------------------|                          |
 *     |  cast(message)          |  handle(message, state)  |
 *     |------------------------&gt;|-------------------------&gt;|
 * </pre>
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Messages are handled one at a time, in the order each sender sent them. Handlers may block.
 *   <li>A {@link Call} is answered once: by {@link #reply}, or later through {@link #from}. A {@code Call} sent with
 *       {@code cast} is handled like any other, its answer is dropped.
 *   <li>Throwing crashes the server; callers that wait get {@code CallFailed.Exited}, its supervisor decides what next.
 *   <li>{@link #terminate} runs when the server stops itself, crashes, or is stopped by its supervisor; not when it is
 *       killed. If it throws, that is logged, and the reason stays what it was.
 *   <li>A crash is {@linkplain OtpEvent.CrashReport reported}, to telemetry and to the log; a stop with {@code Normal} or
 *       {@code Shutdown} is not.
 *   <li>There is no {@code hibernate}: a server that waits holds nothing but its state.
 *   <li>Neither messages nor answers may be null.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/apps/stdlib/gen_server.html">gen_server</a>.
 *
 * @param <M> the protocol, a sealed interface
 * @param <S> the state, usually a record
 */
public interface GenServer<M, S> extends Supervised {
    /** What {@link #handleInfo} gets when no message came for as long as {@link Next#within} said. */
    record Timeout() {}

    /** Makes the first state, in the new process. Throwing here fails the start. */
    S init(Ref<M> self) throws Exception;

    /**
     * The first step, for servers that start with more than a state: by default {@code next(init(self))}.
     *
     * {@snippet :
     * public Next<State> handleInit(Ref<Msg> self) throws Exception {
     *     return next(init(self)).then("load");           // ready now; handleContinue runs before any message
     * }
     * }
     *
     * <p>It may say {@link #next}, with {@link Next#then} or {@link Next#within}, or {@link #stop}, which fails the start
     * with that reason. Whoever starts the server does not wait for what {@code then} leaves.
     */
    default Next<S> handleInit(Ref<M> self) throws Exception {
        return next(init(self));
    }

    /** Handles one message. Throwing here crashes the process; its supervisor decides what then. */
    Next<S> handle(M message, S state) throws Exception;

    /** Handles what is not of the protocol: {@code Down}, {@code Exit}, untyped sends. By default it is ignored. */
    default Next<S> handleInfo(Object info, S state) throws Exception {
        return next(state);
    }

    /** Goes on with what {@link Next#then} left, before any other message. */
    default Next<S> handleContinue(Object with, S state) throws Exception {
        throw new IllegalStateException(getClass().getName() + " returned next(…).then(" + with
                + ") and does not override handleContinue(Object, S)");
    }

    /** Lets go of what the server holds. See the rules above for when it runs. */
    default void terminate(ExitReason reason, S state) throws Exception {}

    /**
     * The state as crash reports and {@link Sys#status} may show it; by default as it is. What is {@link Sensitive} in
     * it is hidden in any case.
     */
    default @Nullable Object formatStatus(S state) {
        return state;
    }

    /** How many messages it records from the start on, see {@link Sys#record}; by default none. */
    default int recording() {
        return 0;
    }

    /**
     * Says, thrown by {@link #init}, that this server is not wanted here: its start is refused with a {@link
     * StartFailed} that is {@link StartFailed#ignored ignored}, and a supervisor goes on without it.
     *
     * {@snippet :
     * if (!config.metricsOn()) {
     *     throw ignore();
     * }
     * }
     */
    default RuntimeException ignore() {
        throw Proc.exit(StartFailed.IGNORED);
    }

    /** Goes on with that state. */
    default Next<S> next(S state) {
        return new Next.Continue<>(state);
    }

    /** Answers the request being handled, {@code to}, and goes on with that state. */
    default <R> Next<S> reply(Call<? extends M, R> to, R value, S state) {
        return new Next.Reply<>(to, value, state);
    }

    /** Ends the server. */
    default Next<S> stop(ExitReason reason, S state) {
        return new Next.Stop<>(reason, state);
    }

    /** The caller that waits on {@code request}, the message being handled, to be answered later. */
    default <R> From<R> from(Call<? extends M, R> request) {
        return ServerLoop.from(request);
    }

    /** How it is supervised: permanent, 5 s to stop, with the simple name of its class as id. */
    @Override
    default Child child() {
        return Child.of(getClass().getSimpleName(), spawn -> ServerLoop.start(this, spawn));
    }

    /** Starts it on its own, without links, and waits until {@link #init} is done. Throws what that throws. */
    static <M, S> Ref<M> start(GenServer<M, S> server) {
        return start(server, Spawn.DEFAULT);
    }

    /** The same, with options. */
    static <M, S> Ref<M> start(GenServer<M, S> server, Spawn spawn) {
        return Ref.of(ServerLoop.start(server, spawn));
    }

    /** Starts it linked to the calling process. */
    static <M, S> Ref<M> startLink(GenServer<M, S> server) {
        return start(server, Spawn.DEFAULT.linked());
    }
}
