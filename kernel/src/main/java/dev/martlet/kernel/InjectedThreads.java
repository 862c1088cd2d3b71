package dev.martlet.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads on a scheduler of ours. The JDK has it, in {@code java.lang.ThreadBuilders}, but not in public; the
 * launcher opens that package with {@code --add-opens java.base/java.lang=ALL-UNNAMED}, an executable jar with {@code
 * Add-Opens: java.base/java.lang} in its manifest.
 *
 * <p>The executor gets a thread's continuation, always the same object, each time the thread may go on; it runs it on a
 * platform thread, which then carries the virtual one until that waits. Virtual threads that are started in a thread of
 * ours inherit the executor: it tells its own continuation from theirs.
 */
final class InjectedThreads {
    private static final @Nullable MethodHandle NEW_VIRTUAL_THREAD = find();

    private InjectedThreads() {}

    private static @Nullable MethodHandle find() {
        try {
            var builders = Class.forName("java.lang.ThreadBuilders");
            var lookup = MethodHandles.privateLookupIn(builders, MethodHandles.lookup());
            var type = MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class);
            return lookup.findStatic(builders, "newVirtualThread", type);
        } catch (ReflectiveOperationException | SecurityException e) {
            return null;
        }
    }

    /** Whether this JVM lets us. */
    static boolean available() {
        return NEW_VIRTUAL_THREAD != null;
    }

    /** A virtual thread, not started yet, whose continuation is given to {@code scheduler}. */
    static Thread unstarted(Executor scheduler, @Nullable String name, Runnable task) {
        var factory = NEW_VIRTUAL_THREAD;
        if (factory == null) {
            throw new IllegalStateException("java.base/java.lang is not open to Martlet");
        }
        try {
            return (Thread) factory.invokeExact(scheduler, name, 0, task);
        } catch (Throwable e) {
            throw new IllegalStateException("the JDK refused a virtual thread", e);
        }
    }
}
