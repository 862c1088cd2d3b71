package dev.martlet.pubsub;

import dev.martlet.kernel.Pid;
import dev.martlet.pubsub.spi.Sink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who listens to one topic. Changed only inside the map's {@code compute} for that topic, read by any broadcaster. */
final class Listeners {
    private static final Sink<?>[] NONE = {};

    final Set<LocalPubSub.Subscription> subscriptions = ConcurrentHashMap.newKeySet(1);

    /** Few (one for each event loop) and read at each broadcast: copied when they change. */
    private volatile Sink<?>[] sinks = NONE;

    void attach(Sink<?> sink) {
        var before = sinks;
        var after = new Sink<?>[before.length + 1];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = sink;
        sinks = after;
    }

    void detach(Sink<?> sink) {
        var before = sinks;
        for (var i = 0; i < before.length; i++) {
            if (before[i] == sink) {
                var after = new Sink<?>[before.length - 1];
                System.arraycopy(before, 0, after, 0, i);
                System.arraycopy(before, i + 1, after, i, after.length - i);
                sinks = after.length == 0 ? NONE : after;
                return;
            }
        }
    }

    @SuppressWarnings("unchecked") // attach(Topic<E>, Sink<E>) let only sinks of the topic's type in
    void deliver(Object event, @Nullable Pid from) {
        for (var sink : sinks) {
            ((Sink<Object>) sink).deliver(event, from);
        }
    }

    boolean isEmpty() {
        return sinks.length == 0 && subscriptions.isEmpty();
    }

    int size() {
        return sinks.length + subscriptions.size();
    }
}
