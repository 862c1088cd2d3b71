package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** What a thread is doing for the runtime: which process it runs now, and which request that handles. */
final class Context {
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

    @Nullable
    LocalProcess process;

    @Nullable
    Request request;

    /** The context of the calling thread, or null where it runs no process. */
    static @Nullable Context current() {
        return CURRENT.get();
    }

    /** The process the calling thread runs, or null. */
    static @Nullable LocalProcess process() {
        var context = CURRENT.get();
        return context == null ? null : context.process;
    }

    /** Makes this the context of the calling thread. */
    void enter() {
        CURRENT.set(this);
    }

    /** The calling thread runs no process any more. */
    static void leave() {
        CURRENT.remove();
    }
}
