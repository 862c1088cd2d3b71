package dev.martlet.web.transport;

import dev.martlet.kernel.Node;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.Limits;

/**
 * What a running endpoint lends to its mounts.
 *
 * @param node where processes are started
 * @param pubsub where channels broadcast
 * @param limits its limits
 */
public record Host(Node node, PubSub pubsub, Limits limits) {}
