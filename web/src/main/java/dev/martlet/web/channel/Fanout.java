package dev.martlet.web.channel;

import dev.martlet.pubsub.PubSub;
import dev.martlet.web.transport.Lane;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topics that the connections of one lane have joined: for each of them one {@link TopicSink} in the PubSub, however
 * many connections there are.
 *
 * <p>The map is changed by any thread and says which sinks exist, so that a broadcast issued after {@link #subscribe}
 * has returned finds the sink. The members of a sink belong to the lane.
 */
final class Fanout {
    private final Lane lane;
    private final PubSub pubsub;
    private final ConcurrentHashMap<String, TopicSink> sinks = new ConcurrentHashMap<>();

    Fanout(Lane lane, PubSub pubsub) {
        this.lane = lane;
        this.pubsub = pubsub;
    }

    /** From now on broadcasts on the topic are held for the connection until its join is decided. */
    Subscription subscribe(String topic, SocketPeer peer, Serializer serializer, int maxHeldBytes) {
        var sink = sinks.compute(topic, (name, there) -> {
            var found = there;
            if (found == null) {
                found = new TopicSink(name, lane, this);
                pubsub.attach(Broadcast.topic(name), found);
            }
            found.acquire(serializer);
            return found;
        });
        var subscription = new Subscription(sink, peer, serializer, maxHeldBytes);
        lane.execute(subscription::begin);
        return subscription;
    }

    void release(TopicSink sink) {
        sinks.computeIfPresent(sink.topic(), (name, there) -> {
            if (there.release()) {
                pubsub.detach(Broadcast.topic(name), there);
                return null;
            }
            return there;
        });
    }
}
