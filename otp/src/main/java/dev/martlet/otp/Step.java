package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import java.time.Duration;

/**
 * What a state machine does after an event: a transition and, in order, the actions that go with it. Plain data, so a
 * handler is testable as a function. Made by {@link StateMachine#keep}, {@link StateMachine#next}, {@link
 * StateMachine#repeat} and {@link StateMachine#stop}; each method here returns a step with one more action.
 *
 * {@snippet :
 * return next(new Open(), data).reply(push, true).stateTimeout(Duration.ofSeconds(10), new Relock());
 * }
 *
 * @param <M> the protocol
 * @param <S> the states
 * @param <D> the data
 */
public sealed interface Step<M, S, D> {
    /** The data from now on. */
    D data();

    /**
     * Stays in the state.
     *
     * @param <M> the protocol
     * @param <S> the states
     * @param <D> the data
     * @param data the data from now on
     */
    record Keep<M, S, D>(D data) implements Step<M, S, D> {}

    /**
     * Goes to a state. To the state it is in already is to stay in it.
     *
     * @param <M> the protocol
     * @param <S> the states
     * @param <D> the data
     * @param state the state from now on
     * @param data the data from now on
     */
    record Go<M, S, D>(S state, D data) implements Step<M, S, D> {}

    /**
     * Stays in the state as if it had come into it: {@link StateMachine#enter} is called, postponed events come again.
     *
     * @param <M> the protocol
     * @param <S> the states
     * @param <D> the data
     * @param data the data from now on
     */
    record Repeat<M, S, D>(D data) implements Step<M, S, D> {}

    /**
     * Ends the machine.
     *
     * @param <M> the protocol
     * @param <S> the states
     * @param <D> the data
     * @param reason why
     * @param data the last data
     */
    record Stop<M, S, D>(ExitReason reason, D data) implements Step<M, S, D> {}

    /**
     * A step with one action more.
     *
     * @param <M> the protocol
     * @param <S> the states
     * @param <D> the data
     * @param first the step
     * @param action the action
     */
    record With<M, S, D>(Step<M, S, D> first, Action action) implements Step<M, S, D> {
        @Override
        public D data() {
            return first.data();
        }
    }

    /** Something done with a step. */
    sealed interface Action {
        /**
         * Answers.
         *
         * @param to the event being handled
         * @param value the answer
         */
        record Reply(Call<?, ?> to, Object value) implements Action {
            /** Refuses null as an answer. */
            public Reply {
                Answers.present(value);
            }
        }

        /** Keeps the event for the next state. */
        record Postpone() implements Action {}

        /**
         * Handles an event before all that waits.
         *
         * @param event the event
         */
        record Insert(Object event) implements Action {}

        /**
         * Starts or restarts a timer.
         *
         * @param name which
         * @param after when
         * @param event what comes then
         */
        record Timeout(Object name, Duration after, Object event) implements Action {}

        /**
         * Changes what comes when a timer fires, if it runs.
         *
         * @param name which
         * @param event what comes then
         */
        record Update(Object name, Object event) implements Action {}

        /**
         * Stops a timer.
         *
         * @param name which
         */
        record Cancel(Object name) implements Action {}
    }

    /** The timers that every machine has. */
    enum Timer {
        /** Of {@link #stateTimeout}. */
        STATE,
        /** Of {@link #eventTimeout}. */
        EVENT
    }

    /** Answers the event being handled. To answer an earlier one keep {@link StateMachine#from}. */
    default <R> Step<M, S, D> reply(Call<? extends M, R> to, R value) {
        return with(new Action.Reply(to, value));
    }

    /** Leaves the event being handled to the next state: it comes again, before newer ones, when the state changes. */
    default Step<M, S, D> postpone() {
        return with(new Action.Postpone());
    }

    /** Handles {@code event} next, before all that waits; several in the order given. */
    default Step<M, S, D> insert(M event) {
        return with(new Action.Insert(event));
    }

    /** Handles {@code event} if the machine is still in this state, the one it goes to, after that time. */
    default Step<M, S, D> stateTimeout(Duration after, M event) {
        return timeout(Timer.STATE, after, event);
    }

    /** Handles {@code event} if no other comes for that long. */
    default Step<M, S, D> eventTimeout(Duration after, M event) {
        return timeout(Timer.EVENT, after, event);
    }

    /** Handles {@code event} after that time, whatever else happens. Started again under the same name it starts over. */
    default Step<M, S, D> timeout(Object name, Duration after, M event) {
        return with(new Action.Timeout(name, after, event));
    }

    /** Has the timer, if it runs, bring that event. {@link Timer#STATE} for that of the state. */
    default Step<M, S, D> update(Object name, M event) {
        return with(new Action.Update(name, event));
    }

    /** Stops the timer, if it runs. {@link Timer#STATE} for that of the state. */
    default Step<M, S, D> cancel(Object name) {
        return with(new Action.Cancel(name));
    }

    private Step<M, S, D> with(Action action) {
        return new With<>(this, action);
    }
}
