package dev.martlet.bench.rows;

import dev.martlet.otp.Call;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;

/** The GenServer that is called, started and crashed; its state is how often it was asked. */
record Counter(long initial) implements GenServer<Counter.Msg, Long> {
    sealed interface Msg {
        /** Answers the count and adds one. */
        record Get() implements Msg, Call<Msg, Long> {}

        /** Does nothing with it. */
        record Note(int number) implements Msg {}
    }

    @Override
    public Long init(Ref<Msg> self) {
        return initial;
    }

    @Override
    public Next<Long> handle(Msg message, Long count) {
        return switch (message) {
            case Msg.Get get -> reply(get, count, count + 1);
            case Msg.Note _ -> next(count);
        };
    }
}
