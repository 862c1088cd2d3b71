package dev.martlet.bench.harness;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of a run, told by one of its processes: when, and with what value.
 *
 * @param <T> the value
 */
public final class Finish<T> {
    /** No run takes that long; what is lost is not waited for for ever. */
    private static final long LIMIT_SECONDS = 120;

    private final CompletableFuture<T> value = new CompletableFuture<>();
    private volatile long nanos;

    /** Says that the run has come to its end. */
    public void with(T result) {
        nanos = System.nanoTime();
        value.complete(result);
    }

    /** Says that it has failed. */
    public void failed(Throwable why) {
        value.completeExceptionally(why);
    }

    /** Waits for the end. */
    public T await() throws Exception {
        try {
            return value.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no end after " + LIMIT_SECONDS + " s: messages were lost", e);
        }
    }

    /** Waits for the end; how long after {@code start}, a {@link System#nanoTime}, it came. */
    public long nanosSince(long start) throws Exception {
        await();
        return nanos - start;
    }
}
