package dev.martlet.web.channel;

import org.jspecify.annotations.Nullable;

/**
 * One message of a client, decoded.
 *
 * @param joinRef as JSON text, so that it is echoed in the type it came in and {@code 1} is not {@code "1"}; null for null
 * @param ref the same
 */
record Message(@Nullable String joinRef, @Nullable String ref, String topic, String event, Payload payload) {
    static final String JOIN = "phx_join";
    static final String LEAVE = "phx_leave";
    static final String REPLY = "phx_reply";
    static final String ERROR = "phx_error";
    static final String CLOSE = "phx_close";

    boolean isHeartbeat() {
        return topic.equals("phoenix") && event.equals("heartbeat");
    }
}
