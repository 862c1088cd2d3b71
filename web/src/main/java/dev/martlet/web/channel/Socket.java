package dev.martlet.web.channel;

import dev.martlet.pubsub.PubSub;

/**
 * One client on one topic, as its channel sees it.
 *
 * <p>A payload is anything that becomes a JSON object: a map, a record, a received {@link Payload}; or a {@code byte[]},
 * which goes out as a binary message. Event names that begin with {@code phx_} are the protocol's own. What is sent to a
 * client that is gone is dropped.
 *
 * @param <A> who the client is
 */
public sealed interface Socket<A> permits ChannelSocket {
    /** Who the client is, as {@code connect} found out. */
    A assigns();

    /** The topic it joined. */
    String topic();

    /** Sends an event to this client only. From any thread. */
    void push(String event, Object payload);

    /** Sends an event to everybody on the topic, this client included, encoded once for all of them. */
    void broadcast(String event, Object payload);

    /** Sends an event to everybody on the topic but this client. */
    void broadcastFrom(String event, Object payload);

    /**
     * The event being handled, to be answered later, from any thread.
     *
     * @throws IllegalStateException outside of {@code handleIn}
     */
    SocketRef ref();

    /** Over which it broadcasts. */
    PubSub pubsub();
}
