package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** A process whose code is a {@link Receiver}: an object with a mailbox, and nothing else while it is idle. */
final class ServerProcess extends LocalProcess {
    /** How many messages one activation handles before the others get their turn. */
    static final int BATCH = 200;

    /** Null once the process is dead, so that a kept pid does not keep its state. */
    private @Nullable Receiver receiver;

    private boolean started;

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
        for (var left = BATCH; left > 0 && code != null && !context.mustYield; left--) {
            var letter = take();
            if (letter == null) {
                if (isDead()) {
                    break;
                }
                beforeIdle();
                if (idle()) {
                    context.process = null;
                    return;
                }
                enter(thread);
                left++;
                continue;
            }
            context.reductions++;
            try {
                handle(code, letter, context);
            } catch (Throwable e) {
                crash(code, e, letter);
            }
        }
        context.mustYield = false;
        context.process = null;
        leave();
        if (isDead()) {
            refuseRest();
            receiver = null;
        } else {
            wake();
        }
    }

    private void handle(Receiver code, Letter letter, Context context) throws Exception {
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
            if (request.isWaiting() && !request.isDeferred() && !isDead()) {
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
