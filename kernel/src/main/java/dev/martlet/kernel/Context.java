package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** What a thread is doing for the runtime: which process it runs now, and which request that handles. */
class Context {
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

    @Nullable
    LocalProcess process;

    @Nullable
    Request request;

    /** The message that {@link #process} handles now, and since when in the node's ticks; read by whoever asks. */
    @Nullable
    Object handling;

    int handlingSince;

    /** Which carrier this thread is mounted on; null on threads that none of ours carries. */
    @Nullable
    Carrier carrier;

    /**
     * Counts messages handled, sent and received: as Erlang's reductions, what a process does that shows it to be alive.
     * Written by this thread only, read by the {@link FairnessMonitor}.
     */
    long reductions;

    /** Set by the {@link FairnessMonitor}: others wait, and this thread has had its turn. */
    volatile boolean mustYield;

    /** In {@link #reduce}, and not because its code waits for something. */
    boolean yielding;

    /** How many messages one activation handles before the others get their turn; a simulation says 1. */
    int batch = ServerProcess.BATCH;

    /** How many processes run here, each called by the one before. */
    int depth;

    /** The context of the calling thread, or null where it runs no process. */
    static @Nullable Context current() {
        return CURRENT.get();
    }

    /** The process the calling thread runs, or null. */
    static @Nullable LocalProcess process() {
        var context = CURRENT.get();
        return context == null ? null : context.process;
    }

    /** The calling thread gets on with something long of the runtime's: it is not stuck. */
    static void progress() {
        var context = CURRENT.get();
        if (context != null) {
            context.reductions++;
        }
    }

    /** Makes this the context of the calling thread. */
    void enter() {
        CURRENT.set(this);
    }

    /** The calling thread runs no process any more. */
    static void leave() {
        CURRENT.remove();
    }

    /** One more reduction; lets others run if they wait. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours
    final void reduce() {
        reductions++;
        if (mustYield) {
            mustYield = false;
            yielding = true;
            Thread.yield();
            yielding = false;
        }
    }
}
