package dev.martlet.kernel;

import java.util.concurrent.atomic.LongAdder;

/** What the node counts where no single process can. */
final class Counters {
    final LongAdder spawned = new LongAdder();
    final LongAdder exited = new LongAdder();
    final LongAdder crashed = new LongAdder();
    final LongAdder lateReplies = new LongAdder();
    final LongAdder toDead = new LongAdder();
    final LongAdder overflowed = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder tooOld = new LongAdder();
    final LongAdder conflated = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder stuck = new LongAdder();

    Node.Counts read() {
        return new Node.Counts(
                spawned.sum(),
                exited.sum(),
                crashed.sum(),
                lateReplies.sum(),
                toDead.sum(),
                overflowed.sum(),
                expired.sum(),
                tooOld.sum(),
                conflated.sum(),
                busy.sum(),
                stuck.sum());
    }
}
