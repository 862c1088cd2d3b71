package dev.martlet.web.channel;

import java.util.Map;
import java.util.Optional;

/** The payload of a binary message. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BinaryPayload(byte[] bytes) implements Payload {
    @Override
    public String string(String key) {
        throw noFields(key);
    }

    @Override
    public Optional<String> optional(String key) {
        return Optional.empty();
    }

    @Override
    public long integer(String key) {
        throw noFields(key);
    }

    @Override
    public Payload object(String key) {
        throw noFields(key);
    }

    @Override
    public boolean has(String key) {
        return false;
    }

    @Override
    public <T> T as(Class<T> type) {
        if (type == byte[].class) {
            return type.cast(bytes);
        }
        throw new BadPayload("", "expected is a JSON object; came: " + bytes.length + " bytes of binary");
    }

    @Override
    public Map<String, Object> asMap() {
        throw new BadPayload("", "expected is a JSON object; came: " + bytes.length + " bytes of binary");
    }

    @Override
    public boolean isBinary() {
        return true;
    }

    private BadPayload noFields(String key) {
        return new BadPayload(key, "is missing: the message is binary, " + bytes.length + " bytes");
    }
}
