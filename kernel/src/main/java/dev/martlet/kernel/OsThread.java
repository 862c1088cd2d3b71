package dev.martlet.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What only the operating system can do for fairness: to ask how much CPU a thread has used, and to put a busy thread
 * behind all others. On Linux; elsewhere, and where native access is denied, {@link #load} returns null, and busy
 * threads then compete with the others as equals.
 *
 * <p>A busy thread gets the lowest nice value, so that it takes little from those that are not, and a long slice. The
 * slice is what keeps wake-ups quick: Linux (since 6.6, EEVDF) runs next the thread whose slice would end first, so a
 * thread with a long slice yields to one that wakes up. With nice values alone a hundred busy threads delay others by 30
 * to 50 ms, with both by 0.2 ms. See sched_setattr(2).
 */
final class OsThread {
    private static final int LAST = 19;
    private static final long LONG_SLICE_NANOS = 100_000_000;
    private static final long SHORT_SLICE_NANOS = 100_000;
    private static final int ATTRIBUTES_BYTES = 48; // struct sched_attr, its first version

    private final int setAttributes;
    private final MethodHandle threadId;
    private final MethodHandle clockTime;
    private final MethodHandle niceness;
    private final MethodHandle systemCall;

    private OsThread(int setAttributes, Linker linker) {
        this.setAttributes = setAttributes;
        threadId = handle(linker, "gettid", FunctionDescriptor.of(JAVA_INT));
        clockTime = handle(linker, "clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        niceness = handle(linker, "getpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        systemCall = handle(
                linker,
                "syscall",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.firstVariadicArg(1));
    }

    @SuppressWarnings("restricted") // launchers say --enable-native-access
    private static MethodHandle handle(Linker linker, String name, FunctionDescriptor type, Linker.Option... options) {
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /** Links it; takes some tens of milliseconds. */
    static @Nullable OsThread load() {
        var number = switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> 314;
            case "aarch64" -> 274;
            default -> 0;
        };
        if (number == 0 || !System.getProperty("os.name").startsWith("Linux")) {
            return null;
        }
        try {
            return new OsThread(number, Linker.nativeLinker());
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** The number of the calling thread. */
    int current() {
        try {
            return (int) threadId.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("gettid failed", e);
        }
    }

    /** How much CPU time a thread has used; -1 if it has ended. */
    long cpuNanos(int thread) {
        try (var arena = Arena.ofConfined()) {
            var time = arena.allocate(16, 8);
            // The clock of another thread, as pthread_getcpuclockid(3) makes it.
            var failed = (int) clockTime.invokeExact(~thread << 3 | 6, time);
            return failed != 0 ? -1 : time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, 8);
        } catch (Throwable e) {
            return -1;
        }
    }

    /** Puts a thread behind all others. There is no way back without privileges. */
    boolean demote(int thread) {
        return set(thread, LAST, LONG_SLICE_NANOS);
    }

    /** Has the calling thread run soon after it wakes up, before those that have turns of usual length. */
    boolean quicken() {
        return slice(SHORT_SLICE_NANOS);
    }

    /** Gives the calling thread turns of usual length, whatever it has inherited. */
    boolean normal() {
        return slice(0);
    }

    private boolean slice(long nanos) {
        try {
            return set(0, (int) niceness.invokeExact(0, 0), nanos);
        } catch (Throwable e) {
            return false;
        }
    }

    private boolean set(int thread, int nice, long slice) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(ATTRIBUTES_BYTES, 8);
            attributes.set(JAVA_INT, 0, ATTRIBUTES_BYTES);
            attributes.set(JAVA_INT, 16, nice);
            attributes.set(JAVA_LONG, 24, slice);
            return (long) systemCall.invokeExact((long) setAttributes, thread, attributes, 0) == 0;
        } catch (Throwable e) {
            return false;
        }
    }
}
