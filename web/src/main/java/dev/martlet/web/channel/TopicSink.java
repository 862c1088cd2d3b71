package dev.martlet.web.channel;

import dev.martlet.kernel.Pid;
import dev.martlet.pubsub.spi.Sink;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Lane;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Everybody of one lane on one topic. A broadcast is encoded on its own thread, once for each version of the protocol
 * that is spoken here (the encoding stays with the broadcast, for the sinks of the other lanes), then one task of the
 * lane hands the same bytes to all.
 */
final class TopicSink implements Sink<Broadcast> {
    private final String topic;
    private final Lane lane;
    private final Fanout fanout;
    private final ArrayList<Subscription> members = new ArrayList<>(1); // the lane's

    private int references; // guarded by the fanout's map

    /** Set before the first subscription of that version is made, so no broadcast that it should hear misses it. */
    private volatile boolean v1;

    private volatile boolean v2;

    TopicSink(String topic, Lane lane, Fanout fanout) {
        this.topic = topic;
        this.lane = lane;
        this.fanout = fanout;
    }

    String topic() {
        return topic;
    }

    void acquire(Serializer serializer) {
        references++;
        if (serializer == Serializer.V1) {
            v1 = true;
        } else {
            v2 = true;
        }
    }

    boolean release() {
        return --references == 0;
    }

    void add(Subscription subscription) {
        subscription.index = members.size();
        members.add(subscription);
    }

    /** The last member takes the place of the one that goes. */
    void remove(Subscription subscription) {
        var last = members.removeLast();
        if (last != subscription) {
            members.set(subscription.index, last);
            last.index = subscription.index;
        }
        fanout.release(this);
    }

    @Override
    public void deliver(Broadcast broadcast, @Nullable Pid from) {
        // Version 1 has no binary payloads: its clients go without, rather than the broadcaster crash because of them.
        var one = v1 && !Wire.isBinary(broadcast.payload()) ? broadcast.encoded(Serializer.V1, topic) : null;
        var two = v2 ? broadcast.encoded(Serializer.V2, topic) : null;
        lane.execute(() -> {
            fanOut(Serializer.V2, two, from);
            fanOut(Serializer.V1, one, from);
        });
    }

    private void fanOut(Serializer serializer, @Nullable Frame frame, @Nullable Pid from) {
        if (frame == null || members.isEmpty()) {
            return;
        }
        try (var shared = lane.share(frame)) {
            for (var i = members.size() - 1; i >= 0; i--) { // backwards: one that leaves is replaced by one we had
                var member = members.get(i);
                if (member.serializer == serializer && (from == null || member.channel != from)) {
                    member.broadcast(frame, shared);
                }
            }
        }
    }
}
