package dev.martlet.web.channel;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events that a class of channel declares: by their name on the wire, the record each becomes. */
record Events(Map<String, Class<?>> byName) {
    private static final ClassValue<Events> KNOWN = new ClassValue<>() {
        @Override
        protected Events computeValue(Class<?> channel) {
            var events = new HashMap<String, Class<?>>();
            var in = in(channel, new HashMap<>());
            if (in != null) {
                add(in, events);
            }
            return new Events(Map.copyOf(events));
        }
    };

    static Events of(Class<?> channel) {
        return KNOWN.get(channel);
    }

    private static void add(Class<?> type, Map<String, Class<?>> events) {
        if (type.isRecord()) {
            var before = events.put(snakeCase(type.getSimpleName()), type);
            if (before != null && before != type) {
                throw new IllegalStateException("two records for the event " + snakeCase(type.getSimpleName()) + ": "
                        + before.getName() + " and " + type.getName());
            }
        } else if (type.isSealed()) {
            for (var permitted : type.getPermittedSubclasses()) {
                add(permitted, events);
            }
        }
    }

    static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", "$1$3_$2")
                .toLowerCase(Locale.ROOT);
    }

    /** The class behind {@code In}, or null if it is only known to be some type. */
    private static @Nullable Class<?> in(Class<?> type, Map<TypeVariable<?>, Type> known) {
        for (var parent : type.getGenericInterfaces()) {
            var found = visit(parent, known);
            if (found != null) {
                return found;
            }
        }
        var parent = type.getGenericSuperclass();
        return parent == null ? null : visit(parent, known);
    }

    private static @Nullable Class<?> visit(Type parent, Map<TypeVariable<?>, Type> known) {
        var raw = parent instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) parent;
        if (!Channel.class.isAssignableFrom(raw)) {
            return null;
        }
        if (parent instanceof ParameterizedType p) {
            var variables = raw.getTypeParameters();
            for (var i = 0; i < variables.length; i++) {
                known.put(variables[i], p.getActualTypeArguments()[i]);
            }
        }
        if (raw != Channel.class) {
            return in(raw, known);
        }
        Type in = raw.getTypeParameters()[0];
        while (in instanceof TypeVariable<?> variable && known.get(variable) != null) {
            in = known.get(variable);
        }
        return in instanceof Class<?> c ? c : null;
    }
}
