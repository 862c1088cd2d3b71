package dev.martlet.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the node counts where no single process can. */
final class Counters {
    final LongAdder spawned = new LongAdder();
    final LongAdder exited = new LongAdder();
    final LongAdder crashed = new LongAdder();
    final LongAdder callTimeouts = new LongAdder();
    final LongAdder callCycles = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder stuck = new LongAdder();
    final LongAdder limitsHit = new LongAdder();
    private final Map<KernelEvent.Cause, LongAdder> dropped = new EnumMap<>(KernelEvent.Cause.class);

    Counters() {
        for (var cause : KernelEvent.Cause.values()) {
            dropped.put(cause, new LongAdder());
        }
    }

    LongAdder dropped(KernelEvent.Cause cause) {
        return Objects.requireNonNull(dropped.get(cause));
    }

    Node.Counts read() {
        return new Node.Counts(
                spawned.sum(),
                exited.sum(),
                crashed.sum(),
                dropped(KernelEvent.Cause.LATE_REPLY).sum(),
                dropped(KernelEvent.Cause.DEAD_RECEIVER).sum(),
                dropped(KernelEvent.Cause.OVERFLOW).sum(),
                dropped(KernelEvent.Cause.EXPIRED).sum(),
                dropped(KernelEvent.Cause.TOO_OLD).sum(),
                dropped(KernelEvent.Cause.CONFLATED).sum(),
                dropped(KernelEvent.Cause.INACTIVE_ALIAS).sum(),
                callTimeouts.sum(),
                callCycles.sum(),
                busy.sum(),
                stuck.sum(),
                limitsHit.sum());
    }
}
