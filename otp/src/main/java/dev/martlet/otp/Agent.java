package dev.martlet.otp;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * State behind a process, worked by functions instead of messages. Local only: functions cannot be logged, recorded or
 * sent to another node; use a {@link GenServer} where that matters.
 *
 * {@snippet :
 * var hits = Agent.start(0);
 * hits.update(n -> n + 1);
 * int n = hits.get(Function.identity());
 * }
 *
 * <p>The functions run in the agent's process, one after the other. One that throws crashes the agent, as in Elixir.
 *
 * @param <S> the state
 */
public final class Agent<S> {
    private record Ask<S>(Function<S, Object> read) implements Call<Object, Object> {}

    private record Change<S>(UnaryOperator<S> change) implements Call<Object, Boolean> {}

    private record Server<S>(S initial) implements GenServer<Object, S> {
        @Override
        public S init(Ref<Object> self) {
            return initial;
        }

        @Override
        @SuppressWarnings("unchecked") // only this class sends to it, functions of its own S
        public Next<S> handle(Object message, S state) {
            return switch (message) {
                case Ask<?> ask -> reply(ask, ((Ask<S>) ask).read.apply(state), state);
                case Change<?> change -> reply(change, true, ((Change<S>) change).change.apply(state));
                default -> next(state);
            };
        }
    }

    private final Ref<Object> ref;

    private Agent(Ref<Object> ref) {
        this.ref = ref;
    }

    /** Starts an agent, linked to nobody. */
    public static <S> Agent<S> start(S initial) {
        return new Agent<>(GenServer.start(new Server<>(initial)));
    }

    /** What {@code read} makes of the state. */
    @SuppressWarnings("unchecked")
    public <R> R get(Function<? super S, ? extends R> read) {
        return (R) ref.call(new Ask<S>(read::apply));
    }

    /** Replaces the state; returns when that is done. */
    public void update(UnaryOperator<S> change) {
        ref.call(new Change<>(change));
    }

    /** Its address. */
    public Ref<Object> ref() {
        return ref;
    }
}
