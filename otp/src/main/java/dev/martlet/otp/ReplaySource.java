package dev.martlet.otp;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Java source that makes a value again: for the unit tests that {@link Replay} writes. */
final class ReplaySource {
    private ReplaySource() {}

    static String test(Recording.Step step, Object server) {
        var type = server.getClass();
        return """
            package %s;

            import static org.junit.jupiter.api.Assertions.assertFalse;

            import dev.martlet.otp.Replay;
            import org.junit.jupiter.api.Test;

            /** A crash of %s: fails as it did, until that is mended. */
            class %sCrashTest {
                @Test
                void doesNotCrashAnyMore() {
                    var message = %s;
                    var state = %s;
                    var server = %s;
                    var result = Replay.of(message, state).run(server);
                    assertFalse(result.crashed(), () -> "it still crashes: " + result.reason());
                }
            }
            """.formatted(
                        type.getPackageName(),
                        type.getSimpleName(),
                        type.getSimpleName(),
                        of(step.message()),
                        of(step.stateBefore()),
                        of(server));
    }

    /** An expression for {@code value}. */
    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Object o when o.getClass().isAnnotationPresent(Sensitive.class) -> unknown(o, "is sensitive");
            case String s -> string(s);
            case Boolean b -> b.toString();
            case Integer i -> i.toString();
            case Long l -> l + "L";
            case Double d when d.isNaN() || d.isInfinite() -> "Double.valueOf(\"" + d + "\")";
            case Double d -> d.toString();
            case Float f -> "Float.valueOf(\"" + f + "\")";
            case Short s -> "(short) " + s;
            case Byte b -> "(byte) " + b;
            case Character c -> "(char) " + (int) c;
            case Enum<?> e -> e.getDeclaringClass().getCanonicalName() + "." + e.name();
            case Duration d -> "java.time.Duration.parse(\"" + d + "\")";
            case Instant i -> "java.time.Instant.parse(\"" + i + "\")";
            case UUID u -> "java.util.UUID.fromString(\"" + u + "\")";
            case Optional<?> o ->
                "java.util.Optional." + o.map(v -> "of(" + of(v) + ")").orElse("empty()");
            case Record r -> record(r);
            case Map<?, ?> m -> map(m);
            case List<?> l -> "java.util.List.of(" + all(l) + ")";
            case Set<?> s -> "java.util.Set.of(" + all(s) + ")";
            default -> unknown(value, "cannot be written down");
        };
    }

    private static String unknown(Object value, String why) {
        return "/* FIXME a " + value.getClass().getName().replace('$', '.') + " " + why + " */ null";
    }

    private static String all(Collection<?> some) {
        return some.stream().map(ReplaySource::of).collect(Collectors.joining(", "));
    }

    private static String map(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(e -> "java.util.Map.entry(" + of(e.getKey()) + ", " + of(e.getValue()) + ")")
                .collect(Collectors.joining(", ", "java.util.Map.ofEntries(", ")"));
    }

    private static String record(Record record) {
        var type = record.getClass();
        if (type.getCanonicalName() == null) {
            return unknown(record, "is a local class");
        }
        var source = new StringBuilder("new ").append(type.getCanonicalName());
        if (type.getTypeParameters().length > 0) {
            source.append("<>");
        }
        source.append('(');
        var separator = "";
        for (var component : type.getRecordComponents()) {
            source.append(separator);
            separator = ", ";
            try {
                var accessor = component.getAccessor();
                if (component.isAnnotationPresent(Sensitive.class)) {
                    source.append("/* FIXME ").append(component.getName()).append(" is sensitive */ ");
                    source.append(zero(component.getType()));
                } else if (accessor.trySetAccessible()) {
                    source.append(of(accessor.invoke(record)));
                } else {
                    source.append("/* FIXME ").append(component.getName()).append(" is not accessible */ null");
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                source.append("/* FIXME ")
                        .append(component.getName())
                        .append(" threw ")
                        .append(e)
                        .append(" */ null");
            }
        }
        return source.append(')').toString();
    }

    private static String zero(Class<?> type) {
        return type == boolean.class ? "false" : type.isPrimitive() ? "0" : "null";
    }

    private static String string(String s) {
        var source = new StringBuilder("\"");
        for (var i = 0; i < s.length(); i++) {
            var c = s.charAt(i);
            switch (c) {
                case '"' -> source.append("\\\"");
                case '\\' -> source.append("\\\\");
                case '\n' -> source.append("\\n");
                case '\r' -> source.append("\\r");
                case '\t' -> source.append("\\t");
                default -> {
                    if (c < 32 || c > 126) {
                        source.append(String.format("\\u%04x", (int) c));
                    } else {
                        source.append(c);
                    }
                }
            }
        }
        return source.append('"').toString();
    }
}
