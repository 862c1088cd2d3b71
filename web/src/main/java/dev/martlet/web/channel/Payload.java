package dev.martlet.web.channel;

import java.util.Map;
import java.util.Optional;

/**
 * What came over the wire, not yet believed: a JSON value or, from a binary message, bytes. It is parsed only as far as
 * it is asked for, and can be sent on as it is.
 *
 * <p>Asking for what is not there throws {@link BadPayload}, which a channel need not catch: the client gets an error
 * reply that names the field.
 */
public sealed interface Payload permits JsonPayload, BinaryPayload {
    /** The string under {@code key}. */
    String string(String key);

    /** The string under {@code key}, if there is a value; one that is no string is still an error. */
    Optional<String> optional(String key);

    /** The integer under {@code key}. */
    long integer(String key);

    /** The object under {@code key}. */
    Payload object(String key);

    /** Whether there is a value under {@code key} that is not null. */
    boolean has(String key);

    /** All of it as a record, a map, a list, …; components are required unless {@code Optional} or {@code @Nullable}. */
    <T> T as(Class<T> type);

    /** The members of an object. */
    Map<String, Object> asMap();

    /** Whether it is a binary message. */
    boolean isBinary();

    /** The bytes of a binary message, or the JSON text. */
    byte[] bytes();
}
