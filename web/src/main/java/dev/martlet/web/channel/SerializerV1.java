package dev.martlet.web.channel;

import dev.martlet.web.json.Json;
import dev.martlet.web.transport.Frame;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** Version 1: {@code {"topic", "event", "payload", "ref"}}, with {@code join_ref} on input only, and no binary payloads. */
final class SerializerV1 implements Serializer {
    @Override
    public Message decode(byte[] bytes, boolean binary) throws InvalidFrame {
        String joinRef = null;
        String ref = null;
        String topic = null;
        String event = null;
        Payload payload = null;
        var refSeen = false;
        try (var parser = Json.MAPPER.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidFrame("a message is a JSON object with topic, event, payload and ref");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "join_ref" -> joinRef = Wire.ref(parser);
                    case "ref" -> {
                        ref = Wire.ref(parser);
                        refSeen = true;
                    }
                    case "topic" -> topic = Wire.string(parser, "the topic");
                    case "event" -> event = Wire.string(parser, "the event");
                    case "payload" -> payload = Wire.payload(parser, bytes);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new InvalidFrame("there is something after the object");
            }
        } catch (JacksonException e) {
            throw new InvalidFrame("no JSON: " + e.getOriginalMessage());
        }
        if (topic == null || event == null || payload == null || !refSeen) {
            throw new InvalidFrame("topic, event, payload and ref are required");
        }
        return new Message(joinRef, ref, topic, event, payload);
    }

    @Override
    public Frame reply(@Nullable String joinRef, @Nullable String ref, String topic, String status, Object response) {
        return message(ref, topic, Message.REPLY, Map.of("status", status, "response", response));
    }

    @Override
    public Frame push(@Nullable String joinRef, String topic, String event, Object payload) {
        return message(null, topic, event, payload);
    }

    @Override
    public Frame broadcast(String topic, String event, Object payload) {
        return message(null, topic, event, payload);
    }

    @Override
    public Frame end(@Nullable String joinRef, String topic, String event, Object payload) {
        return message(joinRef, topic, event, payload);
    }

    private static Frame message(@Nullable String ref, String topic, String event, Object payload) {
        if (Wire.isBinary(payload)) {
            throw new IllegalArgumentException(
                    "the client speaks version 1 of the protocol, which has no binary payloads; event: " + event);
        }
        return new Frame(
                Wire.text(generator -> {
                    generator.writeStartObject();
                    generator.writeStringProperty("topic", topic);
                    generator.writeStringProperty("event", event);
                    generator.writeName("payload");
                    generator.writePOJO(payload);
                    generator.writeName("ref");
                    Wire.ref(generator, ref);
                    generator.writeEndObject();
                }),
                false);
    }
}
