package dev.martlet.kernel;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread on our scheduler, and what the JDK takes for its scheduler: it is told each time the thread may go
 * on. A strand belongs either to a process with a body, for life, or to a {@link Worker}, which lends it to server
 * processes.
 */
final class Strand extends Context implements Executor {
    private final CarrierScheduler scheduler;

    /** Whose body runs here; null for a worker. */
    final @Nullable BodyProcess body;

    private final Thread thread;

    /** What the JDK wants run, always the same. */
    private @Nullable Runnable continuation;

    /** The thread-locals of server processes that run in it, see {@link ServerThreadLocals#lend}. */
    @Nullable
    Object guestLocals;

    private @Nullable Alarm alarm;

    private boolean started;

    /** With a thread, not started yet, that runs {@code code} with this as its context. */
    @SuppressWarnings("this-escape") // the thread is not started here
    Strand(CarrierScheduler scheduler, @Nullable BodyProcess body, @Nullable String name, Runnable code) {
        this.scheduler = scheduler;
        this.body = body;
        this.thread = InjectedThreads.unstarted(this, name, () -> {
            enter();
            code.run();
            if (alarm != null) {
                alarm.end();
            }
        });
    }

    Thread thread() {
        return thread;
    }

    /** Ends its waits at their deadlines. */
    Alarm alarm() {
        var now = alarm;
        if (now == null) {
            alarm = now = new Alarm(thread, scheduler.node().timers);
        }
        return now;
    }

    /** Makes it runnable, by the one carrier that has it. */
    void wake() {
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
    }

    /** The thread may go on. Called by whoever wakes it; by its carrier if it yields. */
    @Override
    public void execute(Runnable what) {
        if (continuation == null) {
            continuation = what; // its own start comes first: nothing has run in it that could start others
        }
        if (what != continuation) {
            scheduler.enqueue(what, null); // a virtual thread that was started in this one, and inherits its scheduler
            return;
        }
        var current = current();
        var carrier = current == null ? null : current.carrier;
        if (carrier == null || !carrier.resumes(this)) {
            scheduler.enqueue(this, body == null ? process : body);
        }
    }

    /** Runs it on the calling carrier, until it waits or ends. */
    void run() {
        if (continuation != null) {
            continuation.run();
        }
    }
}
