package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The process around a {@link StateMachine}: its state and data, and what its {@link Step}s say. */
final class MachineLoop<M, S, D> implements Receiver, Introspected {
    private static final Object GO_ON = new Object();

    /** The event being handled, where it did not just come by a call but was postponed. */
    private static final ScopedValue<MachineEvents.Waiting> HANDLED = ScopedValue.newInstance();

    private final StateMachine<M, S, D> machine;
    private final Class<?> protocol;
    private @Nullable S state;
    private @Nullable D data;

    /** Queued and postponed events, timers; none yet in a machine that uses neither. */
    private @Nullable MachineEvents events;

    private @Nullable Debug debug;
    private Recording.@Nullable Step last;

    MachineLoop(StateMachine<M, S, D> machine) {
        this.machine = machine;
        this.protocol = Protocol.of(machine.getClass());
    }

    static Pid start(StateMachine<?, ?, ?> machine, Spawn spawn) {
        var name = ServerLoop.name(machine);
        var labelled = spawn.label().isEmpty() ? spawn.label(spawn.name().orElse(name)) : spawn;
        var pid = Node.current().spawn(labelled, new MachineLoop<>(machine));
        ServerLoop.awaitReady(name, pid);
        return pid;
    }

    /** See {@link StateMachine#from}. */
    static <R> From<R> from(Call<?, R> request) {
        if (HANDLED.isBound() && HANDLED.get().event() == request) {
            return From.to(HANDLED.get().take());
        }
        return ServerLoop.from(request);
    }

    // ---- events ----------------------------------------------------------------------------------------------

    @Override
    public void started() throws Exception {
        if (machine.recording() > 0) {
            debug = new Debug();
            debug.recorder = new Recorder(machine.recording());
        }
        var step = machine.init(Ref.of(Proc.self()));
        if (base(step) instanceof Step.Go<M, S, D> go) {
            state = go.state();
            data = go.data();
            enter(actions(step), go.state(), null, false);
        } else if (base(step) instanceof Step.Stop<M, S, D>(var reason, var _)) {
            throw Proc.exit(reason);
        } else {
            throw new IllegalStateException(machine.getClass().getName()
                    + ".init says where to begin: next(state, data) or stop(reason, data); got: " + step);
        }
        if (events != null && events.hasQueued()) {
            // As in GenServer.handleInit: whoever starts us does not wait for them.
            Proc.sendAfter(Duration.ofMillis(100), Proc.self(), GO_ON);
        }
    }

    @Override
    public void receive(Object message) throws Exception {
        drain();
        if (message instanceof MachineEvents.Due due) {
            if (events != null && events.fired(due)) {
                event(due.event, null);
            }
        } else if (message != GO_ON) {
            event(message, null);
        }
        drain();
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        if (message == ServerLoop.READY) {
            caller.reply(ServerLoop.READY);
            drain();
            return;
        }
        if (!protocol.isInstance(message)) {
            throw new IllegalArgumentException(
                    ServerLoop.name(machine) + " answers " + protocol.getName() + "; got: " + message);
        }
        drain();
        event(message, new MachineEvents.Waiting(message, caller, false));
        drain();
    }

    /** Handles what is inserted, has come again or is due at once, before the mailbox. */
    private void drain() throws Exception {
        while (events != null) {
            var waiting = events.poll();
            if (waiting == null) {
                return;
            }
            if (waiting.caller() == null) {
                event(waiting.event(), null);
            } else {
                ScopedValue.where(HANDLED, waiting).call(() -> {
                    event(waiting.event(), waiting);
                    return true;
                });
            }
        }
    }

    @SuppressWarnings("unchecked") // protocol is the class of M, or Object where M cannot be known
    private void event(Object event, MachineEvents.@Nullable Waiting waiting) throws Exception {
        var kind = waiting == null ? Recording.Kind.MESSAGE : Recording.Kind.REQUEST;
        if (events != null) {
            events.cancel(Step.Timer.EVENT);
        }
        if (debug != null) {
            debug.in(kind, event, rawState());
        }
        try {
            var step = protocol.isInstance(event)
                    ? machine.handleEvent((M) event, state(), data())
                    : machine.handleInfo(event, state(), data());
            act(step, event, waiting);
        } catch (Throwable e) {
            if (last == null) {
                last = new Recording.Step(kind, event, rawState());
            }
            throw e;
        }
        if (debug != null) {
            debug.state(rawState());
        }
    }

    // ---- steps -----------------------------------------------------------------------------------------------

    private void act(@Nullable Step<M, S, D> step, Object event, MachineEvents.@Nullable Waiting waiting)
            throws Exception {
        if (step == null) {
            throw new IllegalStateException(machine.getClass().getName() + " handled " + event
                    + " and returned null. A handler returns what is to be done next, made by one of:\n"
                    + "    keep(data)    next(state, data)    repeat(data)    stop(reason, data)");
        }
        var actions = actions(step);
        var base = base(step);
        var from = state();
        var to = base instanceof Step.Go<M, S, D> go ? go.state() : from;
        var changed = base instanceof Step.Repeat || !Objects.equals(from, to);
        var postponed = false;
        for (var action : actions) {
            if (action instanceof Step.Action.Reply(var request, var value)) {
                reply(request, value, event, waiting);
            } else if (action instanceof Step.Action.Postpone) {
                postponed = true;
            }
        }
        state = to;
        data = step.data();
        if (base instanceof Step.Stop<M, S, D>(var reason, var _)) {
            throw Proc.exit(reason);
        }
        if (postponed) {
            events().postpone(waiting == null ? new MachineEvents.Waiting(event, null, true) : waiting.postponed());
        } else if (waiting != null && waiting.isForgotten()) {
            throw Answers.missing(machine, event, step);
        }
        if (changed) {
            if (events != null) {
                events.stateChanged();
            }
            enter(actions, from, waiting, true);
        } else {
            queue(actions);
        }
    }

    private void reply(Object to, Object value, Object event, MachineEvents.@Nullable Waiting waiting) {
        if (to != event) {
            throw Answers.notThis(event, to);
        }
        if (debug != null) {
            debug.out(to, value);
        }
        if (waiting != null) {
            waiting.answer(value);
        }
    }

    /** Comes into the state; {@code actions} are those of the step that led here, and go first. */
    private void enter(List<Step.Action> actions, S from, MachineEvents.@Nullable Waiting waiting, boolean repliesDone)
            throws Exception {
        queue(actions);
        var entered = machine.enter(from, state(), data());
        if (entered == null || base(entered) instanceof Step.Go || base(entered) instanceof Step.Repeat) {
            throw new IllegalStateException(machine.getClass().getName()
                    + ".enter may keep(data), with answers and timers, or stop(reason, data); got: " + entered);
        }
        data = entered.data();
        var more = actions(entered);
        for (var action : more) {
            switch (action) {
                case Step.Action.Postpone _, Step.Action.Insert _ ->
                    throw new IllegalStateException(machine.getClass().getName()
                            + ".enter handles no event, so it cannot postpone or insert one; got: " + entered);
                case Step.Action.Reply(var to, var value) -> {
                    if (!repliesDone || waiting == null) {
                        throw new IllegalStateException(machine.getClass().getName()
                                + ".enter may answer only a Call that led here; got: " + entered);
                    }
                    reply(to, value, waiting.event(), waiting);
                }
                default -> {}
            }
        }
        if (base(entered) instanceof Step.Stop<M, S, D>(var reason, var _)) {
            throw Proc.exit(reason);
        }
        queue(more);
    }

    /** Inserts events and sets timers. */
    private void queue(List<Step.Action> actions) {
        var inserted = new ArrayList<Object>(0);
        for (var action : actions) {
            switch (action) {
                case Step.Action.Insert(var event) -> inserted.add(event);
                case Step.Action.Timeout(var name, var after, var event) -> events().start(name, after, event);
                case Step.Action.Update(var name, var event) -> events().update(name, event);
                case Step.Action.Cancel(var name) -> events().cancel(name);
                case Step.Action.Reply _, Step.Action.Postpone _ -> {}
            }
        }
        if (!inserted.isEmpty()) {
            events().insert(inserted);
        }
    }

    private Step<M, S, D> base(Step<M, S, D> step) {
        var base = step;
        while (base instanceof Step.With<M, S, D>(var first, var _)) {
            base = first;
        }
        return base;
    }

    private List<Step.Action> actions(Step<M, S, D> step) {
        if (!(step instanceof Step.With)) {
            return List.of();
        }
        var all = new ArrayList<Step.Action>(4);
        for (var s = step; s instanceof Step.With<M, S, D>(var first, var action); s = first) {
            all.add(action);
        }
        return all.reversed();
    }

    private MachineEvents events() {
        var some = events;
        if (some == null) {
            events = some = new MachineEvents();
        }
        return some;
    }

    // ---- introspection and the end ---------------------------------------------------------------------------

    /** Runs the handler of {@code step} on the state before it, for {@link Replay}. */
    @SuppressWarnings("unchecked") // a recording of a machine of the same type
    void replay(Recording.Step step, @Nullable Caller caller) throws Exception {
        replaceState(step.stateBefore());
        if (caller == null) {
            receive(step.message());
        } else {
            request(step.message(), caller);
        }
    }

    @Override
    public void system(Object request, Caller caller) {
        SysRequest.answer(this, request, caller);
    }

    @Override
    public Object behaviour() {
        return machine;
    }

    @Override
    public Object rawState() {
        return new StateMachine.Snapshot<>(state(), data());
    }

    @Override
    public @Nullable Object shownState() {
        return machine.formatStatus(state(), data());
    }

    @Override
    @SuppressWarnings("unchecked") // Sys takes its caller at his word
    public void replaceState(@Nullable Object changed) {
        if (!(changed instanceof StateMachine.Snapshot<?, ?>(var s, var d))) {
            throw new IllegalArgumentException("allowed is a StateMachine.Snapshot of state and data; got: " + changed);
        }
        state = (S) s;
        data = (D) d;
    }

    @Override
    public @Nullable Debug debug() {
        return debug;
    }

    @Override
    public void debug(@Nullable Debug debug) {
        this.debug = debug;
    }

    @SuppressWarnings("NullAway") // set by init before any event
    private S state() {
        return state;
    }

    @SuppressWarnings("NullAway") // set by init before any event; D itself may be a nullable type
    private D data() {
        return data;
    }

    @Override
    public boolean reportsCrashes() {
        return true;
    }

    @Override
    public void stopped(ExitReason reason) {
        if (events != null) {
            events.cancelAll();
        }
        try {
            machine.terminate(reason, state(), data());
        } catch (Throwable e) {
            Crashes.terminateFailed(this, e);
        }
        Crashes.report(this, reason, last);
    }
}
