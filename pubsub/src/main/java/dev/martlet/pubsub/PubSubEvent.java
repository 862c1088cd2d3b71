package dev.martlet.pubsub;

import dev.martlet.kernel.Pid;

/** Everything this module reports through {@link dev.martlet.kernel.Telemetry}. */
public sealed interface PubSubEvent {
    /**
     * An event did not reach a subscriber because the subscriber's mailbox is full.
     *
     * @param topic on which topic
     * @param subscriber whose mailbox
     */
    record Dropped(Topic<?> topic, Pid subscriber) implements PubSubEvent {}

    /**
     * A subscriber's mapper threw; the event did not reach that subscriber.
     *
     * @param topic on which topic
     * @param subscriber whose mapper
     * @param cause what it threw
     */
    record MapperFailed(Topic<?> topic, Pid subscriber, Throwable cause) implements PubSubEvent {}
}
