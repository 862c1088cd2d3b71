package dev.martlet.web.channel;

import dev.martlet.kernel.ExitReason;
import java.util.Map;
import java.util.Optional;

/**
 * What happens on a topic for one client: one process for each topic a socket has joined.
 *
 * {@snippet :
 * record RoomChannel(Rooms rooms) implements Channel<RoomChannel.In, Room, User> {
 *     sealed interface In {
 *         record NewMsg(String body) implements In {}     // the event "new_msg" with the payload {"body": "…"}
 *         record Typing() implements In {}
 *     }
 *     public Join<Room> join(String topic, Payload params, Socket<User> socket) {
 *         return rooms.find(topic).map(Join::ok).orElse(Join.refused("no such room"));
 *     }
 *     public Next<Room> handleIn(In event, Room room, Socket<User> socket) {
 *         return switch (event) {
 *             case In.NewMsg(var body) -> {
 *                 socket.broadcast("new_msg", Map.of("user", socket.assigns().name(), "body", body));
 *                 yield reply(Map.of(), room);
 *             }
 *             case In.Typing() -> {
 *                 socket.broadcastFrom("typing", Map.of("user", socket.assigns().name()));
 *                 yield next(room);
 *             }
 *         };
 *     }
 * }
 * }
 *
 * <pre>
 *   client                    socket process               channel process
 *     | phx_join                    |                              |
 *     |----------------------------&gt;|  join(topic, params, socket) |
 *     |                             |-----------------------------&gt;|
 *     |            phx_reply        |&lt;-----------------------------|
 *     |&lt;----------------------------|                              |
 *     | new_msg                     |  handleIn(event, state, …)   |
 *     |----------------------------&gt;|-----------------------------&gt;|
 *     |            broadcasts, pushes, then the phx_reply          |
 *     |&lt;-----------------------------------------------------------|
 * </pre>
 *
 * <p>Rules:
 *
 * <ul>
 *   <li><b>Events.</b> {@code In} is a sealed interface of records. A record's name in snake_case is the event's name,
 *       its components are the fields of the payload; all are required but {@code Optional} and {@code @Nullable} ones. A
 *       payload that does not fit gets an error reply that names the field, and no handler runs. Events that {@code In}
 *       does not have go to {@link #handleIn(String, Payload, Object, Socket)}. In a named module the package of {@code
 *       In} must be open to {@code tools.jackson.databind}.
 *   <li><b>One at a time.</b> A channel's callbacks run in its process, one after the other, and may block. Other
 *       channels of the same socket, and its heartbeat, go on meanwhile. Only {@link #join} holds up its socket.
 *   <li><b>Order.</b> What a callback pushes and broadcasts reaches the client in that order, and before the reply of
 *       that callback. What {@code join} pushes comes after the reply to the join; what is broadcast on the topic while
 *       it runs does too, so nothing falls between a snapshot pushed in {@code join} and the broadcasts that follow.
 *   <li><b>Crash.</b> Throwing ends this channel only. The client is told {@code phx_error} and joins again after a
 *       second or so.
 * </ul>
 *
 * <p>After <a href="https://hexdocs.pm/phoenix/Phoenix.Channel.html">Phoenix.Channel</a>.
 *
 * @param <In> what clients may say
 * @param <S> the state of one channel
 * @param <A> who the client is, as the socket's {@code connect} found out
 */
public interface Channel<In, S, A> {
    /** Lets a client in, or not. Throwing refuses it with {@code join crashed}. */
    Join<S> join(String topic, Payload params, Socket<A> socket) throws Exception;

    /** Handles an event of the declared ones. */
    Next<S> handleIn(In event, S state, Socket<A> socket) throws Exception;

    /**
     * Handles an event that is none of the declared ones. By default it is answered with the error {@code unknown
     * event}.
     */
    default Next<S> handleIn(String event, Payload payload, S state, Socket<A> socket) throws Exception {
        return replyError(Map.of("reason", "unknown event", "event", event), state);
    }

    /** Handles what other processes send to this one. By default it is ignored. */
    default Next<S> handleInfo(Object info, S state, Socket<A> socket) throws Exception {
        return next(state);
    }

    /**
     * Lets go of what the channel holds, when it ends of anything but a kill: {@code Shutdown} with {@code left}, {@code
     * closed} (the connection is gone) or {@code duplicate join}, what {@link #stop} said, or a crash.
     */
    default void terminate(ExitReason reason, S state, Socket<A> socket) throws Exception {}

    /** Goes on. The client gets no reply to its event (yet, see {@link Socket#ref}). */
    default Next<S> next(S state) {
        return new Next.Continue<>(state);
    }

    /** Answers with status {@code ok}. An event that the client sent without a ref gets no answer. */
    default Next<S> reply(Object payload, S state) {
        return new Next.Reply<>("ok", payload, state);
    }

    /** Answers with status {@code error}. */
    default Next<S> replyError(Object payload, S state) {
        return new Next.Reply<>("error", payload, state);
    }

    /**
     * Ends the channel. With {@code Normal} or {@code Shutdown} the client is told {@code phx_close}, and stays out;
     * with anything else {@code phx_error}, and joins again.
     */
    default Next<S> stop(ExitReason reason, S state) {
        return new Next.Stop<>(reason, Optional.empty(), state);
    }

    /**
     * What a channel does after an event. Plain data, so a handler can be tested as a function.
     *
     * @param <S> the state
     */
    sealed interface Next<S> {
        /** The state from now on. */
        S state();

        /**
         * Goes on.
         *
         * @param state the state from now on
         * @param <S> the state
         */
        record Continue<S>(S state) implements Next<S> {}

        /**
         * Answers and goes on.
         *
         * @param status {@code ok}, {@code error}, or a word of the application's own
         * @param payload the response
         * @param state the state from now on
         * @param <S> the state
         */
        record Reply<S>(String status, Object payload, S state) implements Next<S> {}

        /**
         * Ends the channel.
         *
         * @param reason why
         * @param reply sent before that
         * @param state the last state
         * @param <S> the state
         */
        record Stop<S>(ExitReason reason, Optional<Reply<S>> reply, S state) implements Next<S> {}

        /** This reply, and then the end. */
        default Next<S> thenStop(ExitReason reason) {
            return new Stop<>(reason, this instanceof Reply<S> reply ? Optional.of(reply) : Optional.empty(), state());
        }
    }
}
