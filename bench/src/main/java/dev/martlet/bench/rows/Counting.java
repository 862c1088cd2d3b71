package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.kernel.Receiver;

/** Ends the run when it has got {@code expected} messages. */
final class Counting implements Receiver {
    private final long expected;
    private final Finish<Long> finish;
    private long count;

    Counting(long expected, Finish<Long> finish) {
        this.expected = expected;
        this.finish = finish;
    }

    @Override
    public void receive(Object message) {
        if (++count == expected) {
            finish.with(count);
        }
    }
}
