package dev.martlet.web.channel;

import dev.martlet.web.json.Json;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.jsontype.TypeSerializer;

/** A slice of a received message. Immutable but for the tree, which is the same whoever makes it. */
final class JsonPayload implements Payload, JacksonSerializable {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final byte[] source;
    private final int from;
    private final int to;
    private @Nullable JsonNode tree;

    JsonPayload(byte[] source, int from, int to) {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    JsonPayload(JsonNode tree) {
        this(Json.bytes(tree));
        this.tree = tree;
    }

    private JsonPayload(byte[] json) {
        this(json, 0, json.length);
    }

    static JsonPayload of(Object value) {
        return new JsonPayload(Json.bytes(value));
    }

    private JsonParser parser() {
        return Json.MAPPER.createParser(source, from, to - from);
    }

    private JsonNode tree() {
        var node = tree;
        if (node == null) {
            try (var parser = parser()) {
                tree = node = Json.MAPPER.readTree(parser);
            }
        }
        return node;
    }

    private JsonNode field(String key) {
        var node = tree().path(key);
        if (node.isMissingNode() || node.isNull()) {
            throw new BadPayload(key, "is required, but missing");
        }
        return node;
    }

    @Override
    public String string(String key) {
        var node = field(key);
        if (!node.isString()) {
            throw new BadPayload(key, "expected is a string; came: " + kind(node));
        }
        return node.stringValue();
    }

    @Override
    public Optional<String> optional(String key) {
        return has(key) ? Optional.of(string(key)) : Optional.empty();
    }

    @Override
    public long integer(String key) {
        var node = field(key);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new BadPayload(key, "expected is an integer; came: " + kind(node));
        }
        return node.longValue();
    }

    @Override
    public Payload object(String key) {
        var node = field(key);
        if (!node.isObject()) {
            throw new BadPayload(key, "expected is an object; came: " + kind(node));
        }
        return new JsonPayload(node);
    }

    @Override
    public boolean has(String key) {
        var node = tree().path(key);
        return !node.isMissingNode() && !node.isNull();
    }

    @Override
    public <T> T as(Class<T> type) {
        try (var parser = parser()) {
            var value = Json.MAPPER.readValue(parser, type);
            if (value == null) {
                throw new BadPayload("", "expected is " + described(type) + "; came: null");
            }
            return value;
        } catch (JacksonException e) {
            throw refused(e, type);
        }
    }

    @Override
    public Map<String, Object> asMap() {
        try (var parser = parser()) {
            Map<String, Object> map = Json.MAPPER.readValue(parser, MAP);
            if (map == null) {
                throw new BadPayload("", "expected is an object; came: null");
            }
            return map;
        } catch (JacksonException e) {
            throw refused(e, Map.class);
        }
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public byte[] bytes() {
        return Arrays.copyOfRange(source, from, to);
    }

    private BadPayload refused(JacksonException e, Class<?> type) {
        var field = e.getPath().stream()
                .map(step ->
                        step.getPropertyName() != null ? "." + step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        if (field.startsWith(".")) {
            field = field.substring(1);
        }
        return new BadPayload(field, problem(e, field.isEmpty() ? type : null));
    }

    /** In our words: Jackson's name classes, which are none of the client's business. */
    private static String problem(JacksonException e, @Nullable Class<?> whole) {
        if (e instanceof InvalidNullException) {
            return "is required, but null";
        }
        var target = switch (e) {
            case MismatchedInputException mismatch when mismatch.getTargetType() != null -> mismatch.getTargetType();
            case InputCoercionException tooLarge when tooLarge.getTargetType() != null -> tooLarge.getTargetType();
            default -> whole;
        };
        var message = e.getOriginalMessage();
        if (message != null && message.startsWith("Missing required creator property")) {
            return "is required, but missing";
        }
        return target == null ? "does not fit" : "expected is " + described(target);
    }

    private static String described(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "an integer";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type.isRecord() || Map.class.isAssignableFrom(type)) {
            return "an object";
        }
        return Iterable.class.isAssignableFrom(type) || type.isArray() ? "a list" : "a " + type.getSimpleName();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case STRING -> "a string";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "something else";
        };
    }

    @Override
    public void serialize(JsonGenerator gen, SerializationContext context) {
        try (var parser = parser()) {
            parser.nextToken();
            gen.copyCurrentStructure(parser);
        }
    }

    @Override
    public void serializeWithType(JsonGenerator gen, SerializationContext context, TypeSerializer types) {
        serialize(gen, context);
    }

    @Override
    public String toString() {
        return new String(source, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }
}
