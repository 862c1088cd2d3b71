/**
 * Publish and subscribe: say something on a topic, without knowing who listens.
 *
 * <p>Read {@link dev.martlet.pubsub.PubSub}, then {@link dev.martlet.pubsub.Topic}; {@link
 * dev.martlet.pubsub.PubSubEvent} lists the telemetry. {@code dev.martlet.pubsub.spi} is for transports that serve many
 * listeners at once, such as {@code dev.martlet.web}.
 */
@NullMarked
package dev.martlet.pubsub;

import org.jspecify.annotations.NullMarked;
