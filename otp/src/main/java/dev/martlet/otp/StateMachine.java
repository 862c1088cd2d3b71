package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import org.jspecify.annotations.Nullable;

/**
 * A state machine: a server whose answer to an event depends on the state it is in, with events that can be put off,
 * timers that belong to a state, and a place for what happens on the way in.
 *
 * {@snippet :
 * record Door(String code) implements StateMachine<Door.Event, Door.State, String> {
 *     sealed interface Event {
 *         record Push(char key) implements Event {}
 *         record Relock() implements Event {}
 *         record IsOpen() implements Event, Call<Event, Boolean> {}
 *     }
 *     enum State { LOCKED, OPEN }
 *     public Step<Event, State, String> init(Ref<Event> self) { return next(State.LOCKED, ""); }
 *     public Step<Event, State, String> handleEvent(Event event, State state, String keys) {
 *         return switch (event) {
 *             case Event.IsOpen ask                        -> keep(keys).reply(ask, state == State.OPEN);
 *             case Event.Relock()                          -> next(State.LOCKED, "");
 *             case Event.Push _ when state == State.OPEN   -> keep(keys);
 *             case Event.Push(var k) when code.equals(keys + k) ->
 *                 next(State.OPEN, "").stateTimeout(Duration.ofSeconds(10), new Event.Relock());
 *             case Event.Push(var k) when code.startsWith(keys + k) -> keep(keys + k);
 *             case Event.Push _                            -> keep("");
 *         };
 *     }
 * }
 * }
 *
 * <p>With states that are records, {@link On} lets one switch, exhaustive for the compiler, see both:
 *
 * {@snippet :
 * return switch (on(state, event)) {
 *     case On(Locked _, Push(var key))  -> …
 *     case On(Open _, Push _)           -> keep(data);
 *     case On(Locked _, Relock _)       -> keep(data);
 *     case On(Open _, Relock _)         -> next(new Locked(), data);
 * };
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>{@code S} says <em>where</em> the machine is, an enum or small records; {@code D} is what it knows. The state has
 *       changed when a step goes to one that is not {@code equals}.
 *   <li>When it has changed: the state timeout is gone, {@link #enter} is called, and postponed events come again, in the
 *       order they came first, before those that wait.
 *   <li>Inserted events come before postponed ones, both before what is in the mailbox.
 *   <li>A timeout brings an event of the protocol, so the switch covers it. After zero time it comes behind what was
 *       inserted and before the mailbox. Any event ends an event timeout.
 *   <li>A {@link Call} is answered with the step, later through {@link #from}, or by whoever handles it after it was
 *       postponed.
 *   <li>Crashes, {@link #terminate}, supervision, {@link Sys} and {@link Replay} are as for {@link GenServer}.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/apps/stdlib/gen_statem.html">gen_statem</a>, callback mode
 * {@code handle_event_function} with {@code state_enter}.
 *
 * @param <M> the protocol, a sealed interface
 * @param <S> the states: an enum or a sealed interface of records
 * @param <D> the data, usually a record
 */
public interface StateMachine<M, S, D> extends Supervised {
    /**
     * An event in a state, to switch over both.
     *
     * @param <S> the states
     * @param <M> the protocol
     * @param state the state
     * @param event the event
     */
    record On<S, M>(S state, M event) {}

    /**
     * State and data, as {@link Sys#state} and {@link Sys#replaceState} know them.
     *
     * @param <S> the states
     * @param <D> the data
     * @param state the state
     * @param data the data
     */
    record Snapshot<S, D>(S state, D data) {}

    /** Says, with {@link #next}, where to begin, in the new process. Throwing, or {@link #stop}, fails the start. */
    Step<M, S, D> init(Ref<M> self) throws Exception;

    /** Handles one event. Throwing here crashes the process; its supervisor decides what then. */
    Step<M, S, D> handleEvent(M event, S state, D data) throws Exception;

    /** Handles what is not of the protocol: {@code Down}, {@code Exit}, untyped sends. By default it is ignored. */
    default Step<M, S, D> handleInfo(Object info, S state, D data) throws Exception {
        return keep(data);
    }

    /**
     * The machine has come into {@code state}; at the start {@code from} is the same. May change the data, answer and
     * set timers; not go on to another state, insert or postpone.
     */
    default Step<M, S, D> enter(S from, S state, D data) throws Exception {
        return keep(data);
    }

    /** Lets go of what the machine holds. It runs when that of {@link GenServer} does. */
    default void terminate(ExitReason reason, S state, D data) throws Exception {}

    /** What may be shown of it, see {@link GenServer#formatStatus}. */
    default @Nullable Object formatStatus(S state, D data) {
        return new Snapshot<>(state, data);
    }

    /** How many events it records from the start on, see {@link Sys#record}; by default none. */
    default int recording() {
        return 0;
    }

    /** Says, thrown by {@link #init}, that it is not wanted here, see {@link GenServer#ignore}. */
    default RuntimeException ignore() {
        throw Proc.exit(StartFailed.IGNORED);
    }

    /** Stays. */
    default Step<M, S, D> keep(D data) {
        return new Step.Keep<>(data);
    }

    /** Goes to that state. */
    default Step<M, S, D> next(S state, D data) {
        return new Step.Go<>(state, data);
    }

    /** Comes into its state again. */
    default Step<M, S, D> repeat(D data) {
        return new Step.Repeat<>(data);
    }

    /** Ends. */
    default Step<M, S, D> stop(ExitReason reason, D data) {
        return new Step.Stop<>(reason, data);
    }

    /** Both, to switch over. */
    default On<S, M> on(S state, M event) {
        return new On<>(state, event);
    }

    /** The caller that waits on {@code request}, the event being handled, to be answered later. */
    default <R> From<R> from(Call<? extends M, R> request) {
        return MachineLoop.from(request);
    }

    /** How it is supervised: permanent, 5 s to stop, with the simple name of its class as id. */
    @Override
    default Child child() {
        return Child.of(ServerLoop.name(this), spawn -> MachineLoop.start(this, spawn));
    }

    /** Starts it on its own, without links, and waits until {@link #init} is done. Throws what that throws. */
    static <M, S, D> Ref<M> start(StateMachine<M, S, D> machine) {
        return start(machine, Spawn.DEFAULT);
    }

    /** The same, with options. */
    static <M, S, D> Ref<M> start(StateMachine<M, S, D> machine, Spawn spawn) {
        return Ref.of(MachineLoop.start(machine, spawn));
    }

    /** Starts it linked to the calling process. */
    static <M, S, D> Ref<M> startLink(StateMachine<M, S, D> machine) {
        return start(machine, Spawn.DEFAULT.linked());
    }
}
