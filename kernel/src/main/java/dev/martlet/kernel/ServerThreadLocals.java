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

    /** Hides the thread-locals of the calling thread from a server process that runs in it for a while. */
    static @Nullable Object lend(Thread thread, Strand context) {
        if (LOCALS == null) {
            return null;
        }
        Object own = LOCALS.get(thread);
        LOCALS.set(thread, context.guestLocals);
        if (context.guestLocals == null) {
            context.enter();
        }
        return own;
    }

    /** Gives the thread back what {@link #lend} has hidden. */
    static void takeBack(Thread thread, Strand context, @Nullable Object own) {
        if (LOCALS == null || SIZE == null) {
            return;
        }
        Object guest = LOCALS.get(thread);
        context.guestLocals = guest != null && (int) SIZE.get(guest) == 1 ? guest : null;
        LOCALS.set(thread, own);
    }

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
