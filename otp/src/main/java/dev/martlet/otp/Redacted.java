package dev.martlet.otp;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text of a value for people: what is {@link Sensitive} is hidden, and it ends after {@value #LIMIT} characters, so that
 * the state of a big server does not drown the log.
 */
final class Redacted {
    static final String HIDDEN = "***";
    private static final int LIMIT = 4_000;
    private static final int DEPTH = 12;

    private final StringBuilder text = new StringBuilder();

    private Redacted() {}

    static String text(@Nullable Object value) {
        var redacted = new Redacted();
        redacted.add(value, 0);
        return redacted.full() ? redacted.text.substring(0, LIMIT) + "…" : redacted.text.toString();
    }

    private boolean full() {
        return text.length() > LIMIT;
    }

    private void add(@Nullable Object value, int depth) {
        if (full()) {
            return;
        }
        if (depth > DEPTH) {
            text.append('…');
            return;
        }
        switch (value) {
            case null -> text.append("null");
            case Object o when o.getClass().isAnnotationPresent(Sensitive.class) -> text.append(HIDDEN);
            case Record record -> addRecord(record, depth);
            case Map<?, ?> map -> addMap(map, depth);
            case Collection<?> some -> addAll(some, depth);
            case Optional<?> maybe -> {
                text.append("Optional[");
                maybe.ifPresent(v -> add(v, depth + 1));
                text.append(']');
            }
            case Object array when array.getClass().isArray() -> addArray(array, depth);
            default -> text.append(stringOf(value));
        }
    }

    private static String stringOf(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException e) {
            // A broken toString must not cost us the report.
            return value.getClass().getName() + " (its toString threw "
                    + e.getClass().getName() + ")";
        }
    }

    private void addRecord(Record record, int depth) {
        text.append(record.getClass().getSimpleName()).append('[');
        var separator = "";
        for (var component : record.getClass().getRecordComponents()) {
            text.append(separator).append(component.getName()).append('=');
            separator = ", ";
            if (component.isAnnotationPresent(Sensitive.class)) {
                text.append(HIDDEN);
            } else {
                addComponent(record, component, depth);
            }
        }
        text.append(']');
    }

    private void addComponent(Record record, RecordComponent component, int depth) {
        try {
            var accessor = component.getAccessor();
            if (!accessor.trySetAccessible()) {
                // Its own toString might show what we are to hide.
                text.append("? (its package is not open to dev.martlet.otp)");
                return;
            }
            add(accessor.invoke(record), depth + 1);
        } catch (IllegalAccessException | InvocationTargetException e) {
            text.append("? (").append(e).append(')');
        }
    }

    private void addMap(Map<?, ?> map, int depth) {
        text.append('{');
        var separator = "";
        for (var entry : map.entrySet()) {
            if (full()) {
                return;
            }
            text.append(separator);
            add(entry.getKey(), depth + 1);
            text.append('=');
            add(entry.getValue(), depth + 1);
            separator = ", ";
        }
        text.append('}');
    }

    private void addAll(Collection<?> some, int depth) {
        text.append('[');
        var separator = "";
        for (var each : some) {
            if (full()) {
                return;
            }
            text.append(separator);
            add(each, depth + 1);
            separator = ", ";
        }
        text.append(']');
    }

    private void addArray(Object array, int depth) {
        text.append('[');
        for (var i = 0; i < Array.getLength(array) && !full(); i++) {
            if (i > 0) {
                text.append(", ");
            }
            add(Array.get(array, i), depth + 1);
        }
        text.append(']');
    }
}
