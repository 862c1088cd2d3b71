package dev.martlet.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps thread-locals from leaking from one server process to the next, which share threads: what a handler has left is
 * forgotten after its turn.
 */
final class ServerThreadLocals {
    private static final @Nullable VarHandle LOCALS;
    private static final @Nullable VarHandle SIZE;

    static {
        VarHandle locals = null;
        VarHandle size = null;
        try {
            var map = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
            locals = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findVarHandle(Thread.class, "threadLocals", map);
            size = MethodHandles.privateLookupIn(map, MethodHandles.lookup()).findVarHandle(map, "size", int.class);
        } catch (ReflectiveOperationException | SecurityException e) {
            // Without access to java.lang no threads are shared.
        }
        LOCALS = locals;
        SIZE = size;
    }

    private ServerThreadLocals() {}

    /** Forgets all thread-locals of {@code thread}, the calling one, but its {@link Context}. */
    static void forget(Thread thread, Context context) {
        if (LOCALS == null || SIZE == null) {
            return;
        }
        Object map = LOCALS.get(thread);
        if (map != null && (int) SIZE.get(map) > 1) {
            LOCALS.set(thread, null);
            context.enter();
        }
    }
}
