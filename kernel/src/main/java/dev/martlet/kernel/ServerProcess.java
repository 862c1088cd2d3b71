package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** A process whose code is a {@link Receiver}: an object with a mailbox, and nothing else while it is idle. */
final class ServerProcess extends LocalProcess {
    /** How many messages one activation handles before the others get their turn. */
    static final int BATCH = 200;

    /** How many of the messages that wait a caller handles after its own. */
    private static final int MORE = 16;

    /** How deep calls that run their servers may be in each other. */
    private static final int MAX_DEPTH = 4;

    private static final int MAX_PENALTY = 16_000;

    /** Null once the process is dead, so that a kept pid does not keep its state. */
    private @Nullable Receiver receiver;

    private boolean started;

    /** How many turns must go by before a caller may run it again, and how many that were last time. */
    private short turnsToWait;

    private short penalty;

    /** A request to the behaviour, see {@link Proc#system}. */
    record ToBehaviour(Object request) {}

    ServerProcess(Node node, long serial, Spawn spawn, Receiver receiver) {
        super(node, serial, spawn);
        this.receiver = receiver;
    }

    @Override
    void wake() {
        node.scheduler.schedule(this);
    }

    /** Handles what has come. Called by the scheduler, by one thread at a time. */
    void activate(Context context) {
        var thread = Thread.currentThread();
        enter(thread);
        ranIn = context;
        context.handling = null;
        context.process = this;
        var code = receiver;
        if (code != null && !started) {
            started = true;
            try {
                code.started();
            } catch (Throwable e) {
                var reason = node.reasonOf(this, e, false);
                end(reason);
            }
        }
        if (code == null || !handleAll(code, context, thread, context.batch)) {
            context.mustYield = false;
            context.process = null;
            release();
        }
    }

    /** Handles what has come, at most so many messages; whether it is idle then, and may be another thread's already. */
    private boolean handleAll(Receiver code, Context context, Thread thread, int most) {
        for (var left = most; left > 0 && !context.mustYield; ) {
            var letter = take();
            if (letter != null) {
                left--;
                handle(code, letter, context);
            } else if (isDead()) {
                return false;
            } else {
                beforeIdle();
                if (idle()) {
                    context.process = null;
                    return true;
                }
                enter(thread);
            }
        }
        return false;
    }

    /** The thread is done with the process, which is dead or has more to do. */
    private void release() {
        leave();
        if (isDead()) {
            refuseRest();
            receiver = null;
        } else {
            wake();
        }
    }

    // ---- calls that run it -----------------------------------------------------------------------------------

    /**
     * Takes the process, if it is idle, for a caller that would only wait for it. Only if it has shown that its turns are
     * short and do not block: the caller cannot give up meanwhile.
     */
    boolean claim(Strand caller) {
        if (conduct < CarrierScheduler.KNOWN
                || turnsToWait > 0
                || priority() != Priority.NORMAL
                || !isIdle()
                || caller.depth >= MAX_DEPTH
                || !unidle()) {
            return false;
        }
        if (held || first() != null) {
            wake(); // it does not take requests now; that is for its own turn to see
            return false;
        }
        return true;
    }

    /**
     * Handles {@code request} on the thread of its caller, which has {@linkplain #claim claimed} the process. To both it
     * is as if a worker had done so: the process' code sees no thread-locals of the caller and leaves none, who kills the
     * caller does not interrupt it.
     */
    void runFor(Request request, Strand context) {
        var thread = Thread.currentThread();
        var caller = context.process;
        var handled = context.request;
        var handling = context.handling;
        var since = context.handlingSince;
        if (caller != null) {
            caller.beforeIdle();
        }
        var locals = ServerThreadLocals.lend(thread, context);
        context.depth++;
        ranIn = context;
        context.process = this;
        enter(thread);
        var code = receiver;
        if (code != null) {
            handle(code, request, context);
        }
        if (code == null || !handleAll(code, context, thread, MORE)) {
            release();
        }
        context.depth--;
        context.process = caller;
        context.request = handled;
        context.handling = handling;
        context.handlingSince = since;
        ServerThreadLocals.takeBack(thread, context, locals);
        if (caller != null) {
            caller.enter(thread);
        }
    }

    /** Its code has waited for something in the middle of a turn. */
    void waited() {
        penalty = (short) Math.min(2 * penalty + CarrierScheduler.KNOWN, MAX_PENALTY);
        turnsToWait = penalty;
    }

    @Override
    void turned() {
        super.turned();
        if (turnsToWait > 0) {
            turnsToWait--;
        }
    }

    // ---- handling --------------------------------------------------------------------------------------------

    private void handle(Receiver code, Letter letter, Context context) {
        context.reductions++;
        context.handling = letter.message;
        context.handlingSince = node.time.ticks();
        try {
            dispatch(code, letter, context);
        } catch (Throwable e) {
            crash(code, e, letter);
        }
    }

    private void dispatch(Receiver code, Letter letter, Context context) throws Exception {
        if (letter instanceof Request request) {
            context.request = request;
            try {
                if (request.message instanceof ToBehaviour(var message)) {
                    code.system(message, request);
                } else {
                    code.request(request.message, request);
                }
            } finally {
                context.request = null;
            }
            if (isDead()) {
                request.refuse(exitReason()); // nothing if it was answered
            } else if (request.isWaiting() && !request.isDeferred()) {
                throw new IllegalStateException(code.getClass().getName() + " took the request " + request.message
                        + " and returned without caller.reply(value) or caller.defer()");
            }
        } else if (letter.message instanceof Stop(var reason)) {
            throw new ProcessExit(reason);
        } else {
            code.receive(letter.message);
        }
    }

    private void crash(Receiver code, Throwable thrown, @Nullable Letter letter) {
        if (!isDead()) {
            var reason = node.reasonOf(this, thrown, !code.reportsCrashes());
            try {
                code.stopped(reason);
            } catch (Throwable e) {
                node.reasonOf(this, e); // reported; the first reason stays the reason
            }
            end(reason);
        }
        if (letter != null) {
            letter.refuse(exitReason());
        }
    }

    @Override
    void ended(boolean idle) {
        if (idle) {
            receiver = null;
            if (first() != null) {
                refuseRest(); // it held them
            }
        }
    }
}
