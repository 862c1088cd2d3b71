package dev.martlet.pubsub.spi;

import dev.martlet.kernel.Pid;
import org.jspecify.annotations.Nullable;

/**
 * Many listeners of one topic that are served together: all sockets of one event loop, all subscribers of another node.
 * A broadcast calls each sink once, whatever the number of listeners behind it.
 *
 * {@snippet :
 * pubsub.attach(topic, (event, from) -> loop.execute(() -> sockets.forEach(s -> s.write(event))));
 * }
 *
 * @param <E> what is broadcast on the topic
 */
@FunctionalInterface
public interface Sink<E> {
    /**
     * Takes one event. Runs on the broadcaster's thread, in the order of its broadcasts, and must not block; what
     * it throws reaches the broadcaster.
     *
     * @param from the process that is to be left out (see {@code broadcastFrom}), or null
     */
    void deliver(E event, @Nullable Pid from);
}
