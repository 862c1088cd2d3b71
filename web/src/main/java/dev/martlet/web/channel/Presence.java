package dev.martlet.web.channel;

import dev.martlet.otp.Supervised;
import dev.martlet.pubsub.PubSub;

/**
 * Who is here: what channels say about their clients, told to everybody on the topic.
 *
 * {@snippet :
 * record Meta(String device, Instant onlineAt) {}
 *
 * var presence = Presence.over(pubsub, Meta.class);         // child(presence) in the tree, after the PubSub
 *
 * public Join<State> join(String topic, Payload params, Socket<User> socket) {
 *     presence.track(socket, socket.assigns().name(), new Meta(params.string("device"), Instant.now()));
 *     socket.push("presence_state", presence.list(topic));   // after track, so that we are in it
 *     return Join.ok(new State());
 * }
 * }
 *
 * In the browser the {@code Presence} class of the {@code phoenix} package keeps the list: it takes the {@code
 * presence_state} you push, and each {@code presence_diff} that is broadcast here.
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>An entry belongs to one channel process, topic and key. The same key from several channels, a user with two
 *       tabs, has several metas.
 *   <li>It goes when its channel ends, for whatever reason.
 *   <li>{@link #track} and {@link #update} return when the entry is listed; the diff is on its way then.
 *   <li>A meta becomes a JSON object; {@code phx_ref} and {@code phx_ref_prev} in it are the protocol's.
 *   <li>It holds what is tracked on this node.
 * </ul>
 *
 * <p>After <a href="https://hexdocs.pm/phoenix/Phoenix.Presence.html">Phoenix.Presence</a>.
 *
 * @param <M> what is said about an entry
 */
public sealed interface Presence<M> extends Supervised permits LocalPresence {
    /** Presence on the channels that broadcast over {@code pubsub}: the endpoint's. */
    static <M> Presence<M> over(PubSub pubsub, Class<M> meta) {
        return new LocalPresence<>(pubsub, meta);
    }

    /**
     * Enters the channel of {@code socket} under {@code key}.
     *
     * @throws IllegalStateException if it is entered under that key already, or this Presence does not run, or it is
     *     over another PubSub than the socket's endpoint
     */
    void track(Socket<?> socket, String key, M meta);

    /**
     * Replaces what is said about the channel's entry under {@code key}.
     *
     * @throws IllegalStateException if there is none
     */
    void update(Socket<?> socket, String key, M meta);

    /** Takes the channel's entry under {@code key} out. Does nothing if there is none. */
    void untrack(Socket<?> socket, String key);

    /** Who is on the topic now. What {@link #track} and {@link #update} have returned from is in it. */
    Presences<M> list(String topic);
}
