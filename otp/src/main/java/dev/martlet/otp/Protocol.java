package dev.martlet.otp;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type of a server's protocol, which tells a message for {@code handle} from one for {@code handleInfo}. */
final class Protocol {
    private static final ClassValue<Class<?>> KNOWN = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> server) {
            return argument(server);
        }
    };

    private Protocol() {}

    static Class<?> of(Class<?> server) {
        return KNOWN.get(server);
    }

    /** The class behind {@code M}; Object where only the caller knows it, and then every message is of the protocol. */
    private static Class<?> argument(Class<?> server) {
        return find(server, new HashMap<>());
    }

    private static Class<?> find(Class<?> type, Map<TypeVariable<?>, Type> known) {
        for (var parent : type.getGenericInterfaces()) {
            var found = visit(parent, known);
            if (found != null) {
                return found;
            }
        }
        var found = type.getGenericSuperclass() == null ? null : visit(type.getGenericSuperclass(), known);
        return found == null ? Object.class : found;
    }

    private static @Nullable Class<?> visit(Type parent, Map<TypeVariable<?>, Type> known) {
        var raw = parent instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) parent;
        if (!GenServer.class.isAssignableFrom(raw) && !StateMachine.class.isAssignableFrom(raw)) {
            return null;
        }
        if (parent instanceof ParameterizedType p) {
            var variables = raw.getTypeParameters();
            for (var i = 0; i < variables.length; i++) {
                known.put(variables[i], p.getActualTypeArguments()[i]);
            }
        }
        if (raw == GenServer.class || raw == StateMachine.class) {
            Type message = raw.getTypeParameters()[0];
            while (message instanceof TypeVariable<?> variable && known.containsKey(variable)) {
                message = known.get(variable);
            }
            return switch (message) {
                case Class<?> c -> c;
                case ParameterizedType p -> (Class<?>) p.getRawType();
                default -> Object.class;
            };
        }
        return find(raw, known);
    }
}
