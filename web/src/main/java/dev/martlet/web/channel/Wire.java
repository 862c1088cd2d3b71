package dev.martlet.web.channel;

import dev.martlet.web.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What both serializers share: refs that keep their type, payloads that stay a slice. */
final class Wire {
    private Wire() {}

    static byte[] text(Consumer<JsonGenerator> content) {
        var out = new ByteArrayOutputStream(256);
        try (var generator = Json.MAPPER.createGenerator(out)) {
            content.accept(generator);
        }
        return out.toByteArray();
    }

    static void ref(JsonGenerator generator, @Nullable String json) {
        if (json == null) {
            generator.writeNull();
        } else {
            generator.writeRawValue(json);
        }
    }

    static void reply(JsonGenerator generator, String status, Object response) {
        generator.writeStartObject();
        generator.writeStringProperty("status", status);
        generator.writeName("response");
        generator.writePOJO(response);
        generator.writeEndObject();
    }

    /** The current token, which has to be a scalar, as JSON text. */
    static @Nullable String ref(JsonParser parser) throws InvalidFrame {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> quoted(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> parser.getString();
            default -> throw new InvalidFrame("a ref is a string, a number or null; came: " + parser.currentToken());
        };
    }

    static String quoted(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                return new String(Json.bytes(text), StandardCharsets.UTF_8);
            }
        }
        return '"' + text + '"';
    }

    static String string(JsonParser parser, String what) throws InvalidFrame {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new InvalidFrame(what + " is a string; came: " + parser.currentToken());
        }
        return parser.getString();
    }

    /** The current value as a slice of {@code source}; leaves the parser at its last token. */
    static JsonPayload payload(JsonParser parser, byte[] source) {
        var from = (int) parser.currentTokenLocation().getByteOffset();
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.getString(); // scalars are parsed lazily, and checked only then
        }
        return new JsonPayload(source, from, (int) parser.currentLocation().getByteOffset());
    }

    static boolean isBinary(Object payload) {
        return payload instanceof byte[] || payload instanceof BinaryPayload;
    }

    static byte[] binary(Object payload) {
        return switch (payload) {
            case byte[] bytes -> bytes;
            case BinaryPayload(var bytes) -> bytes;
            default -> throw new IllegalArgumentException("no binary payload: " + payload);
        };
    }

    static final Map<String, Object> EMPTY = Map.of();
}
