package dev.martlet.web.channel;

import dev.martlet.pubsub.Topic;
import dev.martlet.web.transport.Frame;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to everybody on a topic, for those who listen to a channel's topic without a socket, or broadcast
 * from outside of any channel.
 *
 * {@snippet :
 * pubsub.broadcast(Broadcast.topic("room:lobby"), new Broadcast("closing", Map.of("in", 5)));
 * pubsub.subscribe(Broadcast.topic("room:lobby"));       // each arrives in handleInfo
 * }
 */
public final class Broadcast {
    private final String event;
    private final Object payload;

    /** The last encodings, one for each serializer. Whoever loses a race has encoded in vain, nothing worse. */
    private volatile @Nullable Encoded v1;

    private volatile @Nullable Encoded v2;

    private record Encoded(String topic, Frame frame) {}

    /** An event with a payload, see {@link Socket} for what that may be. */
    public Broadcast(String event, Object payload) {
        this.event = Serializer.eventName(event);
        this.payload = payload;
    }

    /** The PubSub topic behind a channel's topic. */
    public static Topic<Broadcast> topic(String name) {
        return Topic.of(name, Broadcast.class);
    }

    /** Its name. */
    public String event() {
        return event;
    }

    /** What it carries. */
    public Object payload() {
        return payload;
    }

    Frame encoded(Serializer serializer, String topic) {
        var kept = serializer == Serializer.V1 ? v1 : v2;
        if (kept != null && kept.topic.equals(topic)) {
            return kept.frame;
        }
        var frame = serializer.broadcast(topic, event, payload);
        if (serializer == Serializer.V1) {
            v1 = new Encoded(topic, frame);
        } else {
            v2 = new Encoded(topic, frame);
        }
        return frame;
    }

    @Override
    public String toString() {
        return "Broadcast[event=" + event + ", payload=" + payload + "]";
    }
}
