package dev.martlet.web.channel;

import dev.martlet.kernel.Pid;
import dev.martlet.pubsub.PubSub;
import org.jspecify.annotations.Nullable;

/** The socket a channel is handed. */
final class ChannelSocket<A> implements Socket<A> {
    private final A assigns;
    private final Joined joined;
    private final PubSub pubsub;

    /** The message being handled. The channel process'. */
    private @Nullable Message current;

    ChannelSocket(A assigns, Joined joined, PubSub pubsub) {
        this.assigns = assigns;
        this.joined = joined;
        this.pubsub = pubsub;
    }

    void current(@Nullable Message message) {
        current = message;
    }

    Pid channel() {
        return joined.pid();
    }

    @Override
    public A assigns() {
        return assigns;
    }

    @Override
    public String topic() {
        return joined.topic;
    }

    @Override
    public PubSub pubsub() {
        return pubsub;
    }

    @Override
    public void push(String event, Object payload) {
        var to = joined.subscription;
        to.send(to.serializer.push(joined.channelRef, joined.topic, Serializer.eventName(event), payload));
    }

    @Override
    public void broadcast(String event, Object payload) {
        pubsub.broadcast(Broadcast.topic(joined.topic), new Broadcast(event, payload));
    }

    @Override
    public void broadcastFrom(String event, Object payload) {
        pubsub.broadcastFrom(joined.pid(), Broadcast.topic(joined.topic), new Broadcast(event, payload));
    }

    @Override
    public SocketRef ref() {
        var message = current;
        if (message == null) {
            throw new IllegalStateException("socket.ref() is the event being handled, so it exists in handleIn only");
        }
        return (status, payload) -> reply(message, status, payload);
    }

    void reply(Message to, String status, Object payload) {
        if (to.ref() != null) {
            var out = joined.subscription;
            out.send(out.serializer.reply(joined.channelRef, to.ref(), joined.topic, status, payload));
        }
    }

    @Override
    public String toString() {
        return "Socket[" + joined.topic + " " + assigns + "]";
    }
}
