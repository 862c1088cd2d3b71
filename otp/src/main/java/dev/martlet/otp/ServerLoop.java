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

/**
 * The process around a {@link GenServer}: keeps its state, hands it messages, does what its {@link Next} says.
 *
 * <p>A million of these may idle, and each message passes here: all that few servers need is in {@link Extras}, and one
 * look at that field is all it costs the others.
 */
final class ServerLoop<M, S> implements Receiver, Introspected {
    /** How long {@code init} may take; bound by supervisors, see {@link Child#startWithin}. */
    static final ScopedValue<Duration> START_WITHIN = ScopedValue.newInstance();

    /** Asked by whoever starts a server; answered when {@code init} is done, because then messages are handled. */
    static final Object READY = new Object() {
        @Override
        public String toString() {
            return "init";
        }
    };

    /** Goes on with what {@code init} left, where nobody asks whether the server is ready. */
    private static final Object GO_ON = new Object();

    private record IdleSince(long message) {}

    private final GenServer<M, S> server;
    private final Class<?> protocol;
    private @Nullable S state;
    private @Nullable Extras extras;

    /** What most servers never have. */
    private static final class Extras {
        /** For the watch of {@link Next#within}. */
        private long messages;

        private @Nullable Timer idle;

        /** What {@code init} left to be done before any message. */
        private @Nullable Object toContinue;

        private @Nullable Debug debug;

        /** What was being handled when the server crashed. */
        private Recording.@Nullable Step last;
    }

    ServerLoop(GenServer<M, S> server) {
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
        return From.to(caller);
    }

    // ---- messages --------------------------------------------------------------------------------------------

    @Override
    public void started() throws Exception {
        if (server.recording() > 0) {
            var debug = new Debug();
            debug.recorder = new Recorder(server.recording());
            extras().debug = debug;
        }
        var first = server.handleInit(Ref.of(Proc.self()));
        if (first instanceof Next.Then<S>(var before, var with)) {
            extras().toContinue = with;
            first = before;
            // Whoever starts us asks whether we are ready, gets the answer, and then we go on. If nobody does:
            Proc.sendAfter(Duration.ofMillis(100), Proc.self(), GO_ON);
        }
        act(first, READY, null);
    }

    @Override
    public void receive(Object message) throws Exception {
        var more = extras;
        if (more != null && before(more, Recording.Kind.MESSAGE, message)) {
            return;
        }
        try {
            if (protocol.isInstance(message)) {
                handle(message, null);
            } else {
                act(server.handleInfo(message, state()), message, null);
            }
        } catch (Throwable e) {
            failedOn(Recording.Kind.MESSAGE, message);
            throw e;
        }
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        if (message == READY) {
            caller.reply(READY);
            if (extras != null) {
                goOn(extras);
            }
            return;
        }
        if (!protocol.isInstance(message)) {
            throw new IllegalArgumentException(name(server) + " answers " + protocol.getName() + "; got: " + message);
        }
        var more = extras;
        if (more != null) {
            before(more, Recording.Kind.REQUEST, message);
        }
        try {
            handle(message, caller);
        } catch (Throwable e) {
            failedOn(Recording.Kind.REQUEST, message);
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // protocol is the class of M, or Object where M cannot be known
    private void handle(Object message, @Nullable Caller caller) throws Exception {
        act(server.handle((M) message, state()), message, caller);
    }

    /** Does what the handler said. */
    private void act(Next<S> next, Object message, @Nullable Caller caller) throws Exception {
        if (next instanceof Next.Reply<S> reply) {
            state = reply.state();
            if (reply.to() != message) {
                throw Answers.notThis(message, reply.to());
            }
            if (extras != null && extras.debug != null) {
                extras.debug.out(message, reply.value());
                extras.debug.state(state);
            }
            if (caller != null) {
                caller.reply(reply.value());
            }
        } else if (next instanceof Next.Continue<S> go) {
            state = go.state();
            if (extras != null && extras.debug != null) {
                extras.debug.state(state);
            }
            if (caller != null && caller.isWaiting() && !caller.isDeferred()) {
                throw Answers.missing(server, message, next);
            }
        } else {
            actSeldom(next, message, caller);
        }
    }

    private void actSeldom(@Nullable Next<S> next, Object message, @Nullable Caller caller) throws Exception {
        switch (next) {
            case Next.Stop<S>(var reason, var s) -> {
                state = s;
                throw Proc.exit(reason);
            }
            case Next.Then<S>(var first, var with) -> {
                act(first, message, caller);
                doContinue(with);
            }
            case Next.Within<S>(var first, var time) -> {
                act(first, message, caller);
                watchIdle(time);
            }
            case null -> throw Answers.none(server, message);
            case Next.Reply<S> _, Next.Continue<S> _ -> throw new AssertionError(next);
        }
    }

    private void doContinue(Object with) throws Exception {
        var debug = debug();
        if (debug != null) {
            debug.in(Recording.Kind.CONTINUE, with, state);
        }
        try {
            act(server.handleContinue(with, state()), with, null);
        } catch (Throwable e) {
            failedOn(Recording.Kind.CONTINUE, with);
            throw e;
        }
    }

    /** Runs the handler of {@code step} on the state before it, for {@link Replay}. */
    @SuppressWarnings("unchecked") // a recording of a server of the same type
    void replay(Recording.Step step, @Nullable Caller caller) throws Exception {
        state = (S) step.stateBefore();
        if (step.kind() == Recording.Kind.CONTINUE) {
            doContinue(step.message());
        } else if (caller != null) {
            request(step.message(), caller);
        } else {
            receive(step.message());
        }
    }

    // ---- what few need ---------------------------------------------------------------------------------------

    private Extras extras() {
        var more = extras;
        if (more == null) {
            extras = more = new Extras();
        }
        return more;
    }

    /** A message has come. Whether it was one of ours, and is done. */
    private boolean before(Extras more, Recording.Kind kind, Object message) throws Exception {
        if (message == GO_ON) {
            goOn(more);
            return true;
        }
        if (message instanceof IdleSince(var since)) {
            if (since != more.messages) {
                return true;
            }
            more.idle = null;
            receive(new GenServer.Timeout());
            return true;
        }
        goOn(more);
        more.messages++;
        if (more.idle != null) {
            more.idle.cancel();
            more.idle = null;
        }
        if (more.debug != null) {
            more.debug.in(kind, message, state);
        }
        return false;
    }

    private void goOn(Extras more) throws Exception {
        var with = more.toContinue;
        if (with != null) {
            more.toContinue = null;
            doContinue(with);
        }
    }

    private void watchIdle(Duration time) {
        var more = extras();
        more.idle = Proc.sendAfter(time, Proc.self(), new IdleSince(more.messages));
    }

    private void failedOn(Recording.Kind kind, Object message) {
        var more = extras();
        if (more.last == null) { // a continue that failed is nearer to the cause than the message it came from
            more.last = new Recording.Step(kind, message, state);
        }
    }

    // ---- introspection and the end ---------------------------------------------------------------------------

    @Override
    public void system(Object request, Caller caller) {
        SysRequest.answer(this, request, caller);
    }

    @Override
    public Object behaviour() {
        return server;
    }

    @Override
    public @Nullable Object rawState() {
        return state;
    }

    @Override
    public @Nullable Object shownState() {
        return server.formatStatus(state());
    }

    @Override
    @SuppressWarnings("unchecked") // Sys takes its caller at his word
    public void replaceState(@Nullable Object changed) {
        state = (S) changed;
    }

    @Override
    public @Nullable Debug debug() {
        return extras == null ? null : extras.debug;
    }

    @Override
    public void debug(@Nullable Debug debug) {
        extras().debug = debug;
    }

    @SuppressWarnings("NullAway") // set by init before any message; S itself may be a nullable type
    private S state() {
        return state;
    }

    @Override
    public boolean reportsCrashes() {
        return true;
    }

    @Override
    public void stopped(ExitReason reason) {
        var more = extras;
        if (more != null && more.idle != null) {
            more.idle.cancel();
        }
        try {
            server.terminate(reason, state());
        } catch (Throwable e) {
            Crashes.terminateFailed(this, e);
        }
        Crashes.report(this, reason, more == null ? null : more.last);
    }
}
