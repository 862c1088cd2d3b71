package dev.martlet.kernel;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How much a process lets wait, and what happens to the rest: an immutable value, each method returns a changed copy.
 *
 * {@snippet :
 * Mailbox.of(10_000)                                    // at most so many messages; senders wait for room
 *     .overflow(Overflow.DROP_OLDEST)                   // …or the oldest make room
 *     .bytes(8 << 20, m -> ((Frame) m).length())        // and at most 8 MB of them
 *     .dropOlderThan(Duration.ofSeconds(2));            // what waited longer than that is not worth handling
 *
 * Mailbox.of(1_000).conflate(m -> m instanceof Price p ? p.symbol() : null);   // only the latest price of each symbol
 * }
 *
 * <p>The limits are for ordinary messages, requests among them. Signals ({@link Exit}, {@link Down}), system requests
 * and priority messages are always admitted; replies never pass through a mailbox. Whatever is dropped is counted in
 * {@link Node.Counts}; who waits for the answer to a request that is dropped gets {@link CallFailed.Overloaded} at once.
 *
 * <p>The count is exact to the batch that the process is working on: with {@link Overflow#DROP_OLDEST} up to twice as
 * many may wait for a moment.
 *
 * @param maxMessages how many messages may wait, at least 1
 * @param overflow what happens to a message beyond that
 * @param maxBytes how many bytes of messages may wait, as {@code sizer} counts them; empty for no limit
 * @param sizer the size of a message in bytes; called once for each, by its sender
 * @param maxAge a message that waited longer is dropped instead of handled; empty to handle all
 * @param key what a newer message replaces: a waiting one with an equal key; empty to keep all
 */
public record Mailbox(
        int maxMessages,
        Overflow overflow,
        OptionalLong maxBytes,
        ToLongFunction<Object> sizer,
        Optional<Duration> maxAge,
        Optional<Function<Object, @Nullable Object>> key) {
    /** 100,000 messages; senders wait when there are more. */
    public static final Mailbox DEFAULT = new Mailbox(
            100_000, Overflow.BLOCK, OptionalLong.empty(), Mailbox::weightless, Optional.empty(), Optional.empty());

    /** Checks the limits. */
    public Mailbox {
        if (maxMessages < 1) {
            throw new IllegalArgumentException("maxMessages: allowed is 1 or more; got: " + maxMessages);
        }
        if (maxBytes.isPresent() && maxBytes.getAsLong() < 1) {
            throw new IllegalArgumentException("maxBytes: allowed is 1 or more; got: " + maxBytes.getAsLong());
        }
        if (maxAge.isPresent() && !maxAge.get().isPositive()) {
            throw new IllegalArgumentException("maxAge: allowed is more than nothing; got: " + maxAge.get());
        }
    }

    /** At most that many messages; senders wait when there are more. */
    public static Mailbox of(int maxMessages) {
        return DEFAULT.maxMessages(maxMessages);
    }

    /** With that limit. */
    public Mailbox maxMessages(int limit) {
        return new Mailbox(limit, overflow, maxBytes, sizer, maxAge, key);
    }

    /** What happens to a message beyond the limits. */
    public Mailbox overflow(Overflow policy) {
        return new Mailbox(maxMessages, policy, maxBytes, sizer, maxAge, key);
    }

    /** At most that many bytes of messages. */
    public Mailbox bytes(long limit, ToLongFunction<Object> size) {
        return new Mailbox(maxMessages, overflow, OptionalLong.of(limit), size, maxAge, key);
    }

    /** Messages that waited longer are dropped. */
    public Mailbox dropOlderThan(Duration age) {
        return new Mailbox(maxMessages, overflow, maxBytes, sizer, Optional.of(age), key);
    }

    /** A newer message takes the place of a waiting one with an equal key; null keys are not compared. */
    public Mailbox conflate(Function<Object, @Nullable Object> by) {
        return new Mailbox(maxMessages, overflow, maxBytes, sizer, maxAge, Optional.of(by));
    }

    private static long weightless(Object message) {
        return 0;
    }

    /** Whether nothing needs to be known of a message but that it is there. */
    boolean isPlain() {
        return maxBytes.isEmpty() && key.isEmpty();
    }
}
