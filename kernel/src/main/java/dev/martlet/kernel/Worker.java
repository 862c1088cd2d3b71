package dev.martlet.kernel;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lends its virtual thread to server processes, one after the other, as long as its carrier has any. If a handler
 * blocks, the thread waits with it and the carrier takes another worker.
 */
final class Worker {
    final Strand strand;
    private volatile boolean ended;

    /** The first process of the next stretch; set by the carrier before it resumes the worker. */
    private volatile @Nullable ServerProcess assigned;

    Worker(CarrierScheduler scheduler) {
        strand = new Strand(scheduler, null, "martlet-server", this::run);
    }

    void assign(ServerProcess process) {
        assigned = process;
    }

    /** Lets the thread end when it is resumed next. */
    void end() {
        ended = true;
    }

    private void run() {
        while (!ended) {
            var process = assigned;
            if (process != null) {
                assigned = null;
                runAll(process);
            }
            // Back to the carrier that carries us now: it takes us when we have parked.
            var carrier = strand.carrier;
            if (carrier != null) {
                carrier.returned(this);
            }
            while (assigned == null && !ended) {
                LockSupport.park(this);
                // A stray interrupt was meant for a process that has left meanwhile; it must not keep us from parking.
                Thread.interrupted();
            }
        }
    }

    private void runAll(ServerProcess first) {
        var thread = Thread.currentThread();
        for (var process = first; process != null; ) {
            process.activate(strand);
            ServerThreadLocals.forget(thread, strand);
            // It may have blocked, and be on another carrier now.
            var carrier = strand.carrier;
            process = carrier == null ? null : carrier.nextAfter(process);
        }
    }
}
