package dev.martlet.pubsub;

import dev.martlet.kernel.Pid;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervised;
import dev.martlet.pubsub.spi.Sink;
import java.util.function.Function;

/**
 * Broadcasts events to whoever has subscribed to their topic.
 *
 * {@snippet :
 * static final Topic<Posted> LOBBY = Topic.of("room:lobby", Posted.class);
 *
 * var pubsub = PubSub.named("chat");                          // a value; child(pubsub) in the tree makes it run
 *
 * pubsub.subscribe(LOBBY, self, Msg.Heard::new);              // Posted arrives as Heard, in our own protocol
 * pubsub.subscribe(LOBBY);                                    // or as it is, in handleInfo or receive
 * pubsub.broadcast(LOBBY, new Posted("ann", "hi"));
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Events are not copied: broadcast immutable values, records above all.
 *   <li><b>Order.</b> What one process broadcasts on a topic arrives at each subscriber in that order. Between different
 *       broadcasters there is no order.
 *   <li><b>At most once.</b> A broadcaster never waits: for a subscriber whose mailbox is full the event is dropped,
 *       counted by the kernel and told as {@link PubSubEvent.Dropped}.
 *   <li>A subscription ends with its process, whatever that ends of. Subscribing twice means hearing everything twice.
 *   <li>Different topics do not contend; broadcasts to one topic do not either.
 *   <li>If the process of the PubSub itself is restarted, subscriptions stay.
 * </ul>
 *
 * <p>After <a href="https://hexdocs.pm/phoenix_pubsub/Phoenix.PubSub.html">Phoenix.PubSub</a>.
 */
public interface PubSub extends Supervised {
    /**
     * A PubSub of its own: two with the same name share nothing but that.
     *
     * @param name for logs and inspectors
     */
    static PubSub named(String name) {
        return new LocalPubSub(name);
    }

    /** Its name. */
    String name();

    /**
     * Has each event sent to {@code subscriber}, in its own protocol.
     *
     * @param subscriber looked up now if it is a name
     * @param as makes a message of an event; runs on the broadcaster's thread
     * @throws IllegalStateException if this PubSub does not run, or nobody is behind {@code subscriber}
     */
    <E, M> void subscribe(Topic<E> topic, Ref<M> subscriber, Function<? super E, ? extends M> as);

    /**
     * Has each event sent to the calling process as it is: a GenServer gets it in {@code handleInfo}.
     *
     * @throws IllegalStateException if this PubSub does not run, or the calling thread is no process
     */
    void subscribe(Topic<?> topic);

    /** Ends the calling process' subscriptions to that topic. What is in its mailbox already stays there. */
    void unsubscribe(Topic<?> topic);

    /** Ends a subscriber's subscriptions to that topic. */
    void unsubscribe(Topic<?> topic, Ref<?> subscriber);

    /** Sends an event to all subscribers of the topic, and returns without waiting for them. */
    <E> void broadcast(Topic<E> topic, E event);

    /** The same, but {@code from}, usually the caller, does not hear it. */
    <E> void broadcastFrom(Pid from, Topic<E> topic, E event);

    /** Adds a sink, which is called for each broadcast until it is {@linkplain #detach detached}. */
    <E> void attach(Topic<E> topic, Sink<E> sink);

    /** Removes a sink. A broadcast that runs at this moment may still call it. */
    <E> void detach(Topic<E> topic, Sink<E> sink);

    /** How many subscriptions and sinks that topic has. */
    int count(Topic<?> topic);
}
