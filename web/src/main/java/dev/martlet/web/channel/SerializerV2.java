package dev.martlet.web.channel;

import dev.martlet.web.json.Json;
import dev.martlet.web.transport.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/**
 * Version 2: {@code [join_ref, ref, topic, event, payload]}, and binary frames, whose sizes are octets:
 *
 * <pre>
 *   client push   0 | join_ref size | ref size | topic size | event size | join_ref ref topic event | payload
 *   server push   0 | join_ref size | topic size | event size | join_ref topic event | payload
 *   reply         1 | join_ref size | ref size | topic size | status size | join_ref ref topic status | payload
 *   broadcast     2 | topic size | event size | topic event | payload
 * </pre>
 */
final class SerializerV2 implements Serializer {
    private static final byte PUSH = 0;
    private static final byte REPLY = 1;
    private static final byte BROADCAST = 2;

    @Override
    public Message decode(byte[] bytes, boolean binary) throws InvalidFrame {
        return binary ? binary(bytes) : text(bytes);
    }

    private static Message text(byte[] bytes) throws InvalidFrame {
        try (var parser = Json.MAPPER.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new InvalidFrame("a message is a JSON array [join_ref, ref, topic, event, payload]");
            }
            parser.nextToken();
            var joinRef = Wire.ref(parser);
            parser.nextToken();
            var ref = Wire.ref(parser);
            parser.nextToken();
            var topic = Wire.string(parser, "the topic");
            parser.nextToken();
            var event = Wire.string(parser, "the event");
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                throw new InvalidFrame("the payload, the fifth element, is missing");
            }
            var payload = Wire.payload(parser, bytes);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren(); // more elements are none of our business
            }
            if (parser.nextToken() != null) {
                throw new InvalidFrame("there is something after the array");
            }
            return new Message(joinRef, ref, topic, event, payload);
        } catch (JacksonException e) {
            throw new InvalidFrame("no JSON: " + e.getOriginalMessage());
        }
    }

    private static Message binary(byte[] bytes) throws InvalidFrame {
        if (bytes.length < 5 || bytes[0] != PUSH) {
            throw new InvalidFrame("a binary message begins with 0 and four sizes");
        }
        var in = ByteBuffer.wrap(bytes);
        in.get();
        var joinRef = in.get() & 0xFF;
        var ref = in.get() & 0xFF;
        var topic = in.get() & 0xFF;
        var event = in.get() & 0xFF;
        if (in.remaining() < joinRef + ref + topic + event) {
            throw new InvalidFrame("a binary message is shorter than its sizes say");
        }
        return new Message(
                Wire.quoted(string(in, joinRef)),
                Wire.quoted(string(in, ref)),
                string(in, topic),
                string(in, event),
                new BinaryPayload(rest(in)));
    }

    private static String string(ByteBuffer in, int size) {
        var bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] rest(ByteBuffer in) {
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    @Override
    public Frame reply(@Nullable String joinRef, @Nullable String ref, String topic, String status, Object response) {
        if (Wire.isBinary(response)) {
            return binary(REPLY, Wire.binary(response), unquoted(joinRef), unquoted(ref), topic, status);
        }
        return new Frame(
                Wire.text(generator -> {
                    generator.writeStartArray();
                    Wire.ref(generator, joinRef);
                    Wire.ref(generator, ref);
                    generator.writeString(topic);
                    generator.writeString(Message.REPLY);
                    Wire.reply(generator, status, response);
                    generator.writeEndArray();
                }),
                false);
    }

    @Override
    public Frame push(@Nullable String joinRef, String topic, String event, Object payload) {
        return Wire.isBinary(payload)
                ? binary(PUSH, Wire.binary(payload), unquoted(joinRef), topic, event)
                : message(joinRef, null, topic, event, payload);
    }

    @Override
    public Frame broadcast(String topic, String event, Object payload) {
        return Wire.isBinary(payload)
                ? binary(BROADCAST, Wire.binary(payload), topic, event)
                : message(null, null, topic, event, payload);
    }

    @Override
    public Frame end(@Nullable String joinRef, String topic, String event, Object payload) {
        return message(joinRef, joinRef, topic, event, payload);
    }

    private static Frame message(
            @Nullable String joinRef, @Nullable String ref, String topic, String event, Object payload) {
        return new Frame(
                Wire.text(generator -> {
                    generator.writeStartArray();
                    Wire.ref(generator, joinRef);
                    Wire.ref(generator, ref);
                    generator.writeString(topic);
                    generator.writeString(event);
                    generator.writePOJO(payload);
                    generator.writeEndArray();
                }),
                false);
    }

    private static Frame binary(byte kind, byte[] payload, String... header) {
        var parts = new byte[header.length][];
        var size = 1 + header.length + payload.length;
        for (var i = 0; i < header.length; i++) {
            parts[i] = header[i].getBytes(StandardCharsets.UTF_8);
            if (parts[i].length > 255) {
                throw new IllegalArgumentException(
                        "in a binary message topic, event and refs have at most 255 bytes each; got: " + header[i]);
            }
            size += parts[i].length;
        }
        var out = ByteBuffer.allocate(size).put(kind);
        for (var part : parts) {
            out.put((byte) part.length);
        }
        for (var part : parts) {
            out.put(part);
        }
        return new Frame(out.put(payload).array(), true);
    }

    private static String unquoted(@Nullable String ref) {
        if (ref == null) {
            return "";
        }
        return ref.startsWith("\"") ? Json.MAPPER.readValue(ref, String.class) : ref;
    }
}
