package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Caller;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The process around a {@link GenServer}: keeps its state, hands it messages, does what its {@link Next} says. */
final class ServerLoop<M, S> implements Receiver {
    /** How long {@code init} may take; bound by supervisors, see {@link Child#startWithin}. */
    static final ScopedValue<Duration> START_WITHIN = ScopedValue.newInstance();

    /** Asked by whoever starts a server; answered when {@code init} is done, because then messages are handled. */
    private static final Object READY = new Object() {
        @Override
        public String toString() {
            return "init";
        }
    };

    private record IdleSince(long message) {}

    private final GenServer<M, S> server;
    private final Class<?> protocol;

    private @Nullable S state;
    private @Nullable Idle idle;

    /** The watch for {@link Next#within}; most servers have none. */
    private static final class Idle {
        private long messages;
        private @Nullable Timer timer;
    }

    private ServerLoop(GenServer<M, S> server) {
        this.server = server;
        this.protocol = Protocol.of(server.getClass());
    }

    /** Starts a server and waits until it is ready. */
    static Pid start(GenServer<?, ?> server, Spawn spawn) {
        var pid = spawn(server, spawn);
        awaitReady(name(server), pid);
        return pid;
    }

    /** Starts a server without waiting for it; messages to it wait until it is ready. */
    static Pid spawn(GenServer<?, ?> server, Spawn spawn) {
        var labelled = spawn.label().isEmpty() ? spawn.label(spawn.name().orElse(name(server))) : spawn;
        return Node.current().spawn(labelled, new ServerLoop<>(server));
    }

    static void awaitReady(String name, Pid pid) {
        var limit = START_WITHIN.orElse(Child.Policy.DEFAULT.startWithin());
        try {
            Proc.call(pid, READY, limit);
        } catch (CallFailed.Exited e) {
            // Dead already when we asked, it has only "noproc" to say to a caller; why it died is kept.
            throw new StartFailed(name, Proc.awaitExit(pid, Duration.ZERO).orElse(e.reason()));
        } catch (CallFailed.Timeout e) {
            Proc.kill(pid);
            throw new StartFailed(
                    name,
                    new ExitReason.Other("init did not return within " + limit.toMillis() + " ms; it was killed"));
        }
    }

    static String name(Object what) {
        var simple = what.getClass().getSimpleName();
        return simple.isEmpty() ? what.getClass().getName() : simple;
    }

    /** See {@link GenServer#from}. */
    static <R> From<R> from(Call<?, R> request) {
        var caller = Proc.caller()
                .filter(c -> c.request() == request)
                .orElseThrow(() -> new IllegalArgumentException(
                        "from(request) takes the request being handled, in handle; got: " + request));
        caller.defer();
        return caller::reply;
    }

    @Override
    public void started() throws Exception {
        state = server.init(Ref.of(Proc.self()));
    }

    @Override
    public void receive(Object message) throws Exception {
        if (idle != null && stopIdleWatch(idle, message)) {
            return;
        }
        if (protocol.isInstance(message)) {
            handle(message, null);
        } else {
            act(server.handleInfo(message, state()), message, null);
        }
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        if (idle != null) {
            stopIdleWatch(idle, message);
        }
        if (message == READY) {
            caller.reply(READY);
        } else if (protocol.isInstance(message)) {
            handle(message, caller);
        } else {
            throw new IllegalArgumentException(name(server) + " answers " + protocol.getName() + "; got: " + message);
        }
    }

    private void handle(Object message, @Nullable Caller caller) throws Exception {
        @SuppressWarnings("unchecked") // protocol is the class of M, or Object where M cannot be known
        var typed = (M) message;
        act(server.handle(typed, state()), message, caller);
    }

    /** Does what the handler said. */
    private void act(Next<S> next, Object message, @Nullable Caller caller) throws Exception {
        switch (next) {
            case Next.Continue<S>(var s) -> {
                state = s;
                if (caller != null && caller.isWaiting() && !caller.isDeferred()) {
                    throw unanswered(message, next);
                }
            }
            case Next.Reply<S>(var to, var value, var s) -> {
                state = s;
                if (to != message) {
                    throw new IllegalStateException("reply(request, value, state) answers the message being handled, "
                            + message + "; got: " + to + ". To answer an earlier one keep from(request) in the state.");
                }
                if (caller != null) {
                    caller.reply(value);
                }
            }
            case Next.Stop<S>(var reason, var s) -> {
                state = s;
                throw Proc.exit(reason);
            }
            case Next.Then<S>(var first, var with) -> {
                act(first, message, caller);
                act(server.handleContinue(with, state()), with, null);
            }
            case Next.Within<S>(var first, var time) -> {
                act(first, message, caller);
                watchIdle(time);
            }
        }
    }

    private IllegalStateException unanswered(Object message, Next<S> got) {
        return new IllegalStateException(server.getClass().getName() + " handled " + message
                + " and returned without answering it. A Call is answered by one of:\n"
                + "    return reply(request, value, state);    // now\n"
                + "    var from = from(request);               // later: keep `from` in the state, then from.reply(value)\n"
                + "got: " + got);
    }

    private void watchIdle(Duration time) {
        var watch = idle;
        if (watch == null) {
            idle = watch = new Idle();
        }
        watch.timer = Proc.sendAfter(time, Proc.self(), new IdleSince(watch.messages));
    }

    /** A message has come: ends the watch, or, if it is the watch's own and still valid, reports the idleness. */
    private boolean stopIdleWatch(Idle watch, Object message) throws Exception {
        if (message instanceof IdleSince(var since)) {
            if (since == watch.messages) {
                watch.messages++;
                act(server.handleInfo(new GenServer.Timeout(), state()), message, null);
            }
            return true;
        }
        watch.messages++;
        if (watch.timer != null) {
            watch.timer.cancel();
            watch.timer = null;
        }
        return false;
    }

    @SuppressWarnings("NullAway") // set by init before any message; S itself may be a nullable type
    private S state() {
        return state;
    }

    @Override
    public void stopped(ExitReason reason) {
        try {
            server.terminate(reason, state());
        } catch (Exception e) {
            throw new IllegalStateException(name(server) + ".terminate failed", e);
        }
    }
}
