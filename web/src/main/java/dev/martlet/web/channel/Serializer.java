package dev.martlet.web.channel;

import dev.martlet.web.transport.Frame;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One version of the wire format. {@code joinRef} and {@code ref} are JSON text, see {@link Message}. */
interface Serializer {
    /** Object frames, text only. */
    Serializer V1 = new SerializerV1();

    /** Array frames, and binary ones. */
    Serializer V2 = new SerializerV2();

    Message decode(byte[] bytes, boolean binary) throws InvalidFrame;

    Frame reply(@Nullable String joinRef, @Nullable String ref, String topic, String status, Object response);

    Frame push(@Nullable String joinRef, String topic, String event, Object payload);

    Frame broadcast(String topic, String event, Object payload);

    /** {@code phx_close} and {@code phx_error}: the ref is the join_ref. */
    Frame end(@Nullable String joinRef, String topic, String event, Object payload);

    /** The versions there are. */
    Pattern VERSION = Pattern.compile("([12])\\.0\\.(0|[1-9][0-9]{0,8})");

    /** The serializer for {@code vsn}, by Phoenix' rule: {@code ~> 1.0.0} or {@code ~> 2.0.0}; none given means 1. */
    static Optional<Serializer> forVersion(Optional<String> vsn) {
        var version = VERSION.matcher(vsn.orElse("1.0.0"));
        return version.matches() ? Optional.of(version.group(1).equals("1") ? V1 : V2) : Optional.empty();
    }

    /** Checks the name of an event that the application sends. */
    static String eventName(String event) {
        if (event.startsWith("phx_")) {
            throw new IllegalArgumentException("events that begin with phx_ are the protocol's own; got: " + event);
        }
        return event;
    }
}
