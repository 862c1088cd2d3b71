package dev.martlet.otp;

/** The server of the examples. */
record Counter(long initial) implements GenServer<Counter.Msg, Long> {
    sealed interface Msg {
        record Add(long n) implements Msg {}

        record Get() implements Msg, Call<Msg, Long> {}

        record Take(long n) implements Msg, Call<Msg, Boolean> {}

        record Crash() implements Msg {}

        record Forget() implements Msg, Call<Msg, Long> {}
    }

    @Override
    public Long init(Ref<Msg> self) {
        return initial;
    }

    @Override
    public Next<Long> handle(Msg msg, Long count) {
        return switch (msg) {
            case Msg.Add(var n) -> next(count + n);
            case Msg.Get get -> reply(get, count, count);
            case Msg.Take take when take.n() > count -> reply(take, false, count);
            case Msg.Take take -> reply(take, true, count - take.n());
            case Msg.Crash() -> throw new IllegalStateException("boom");
            case Msg.Forget forget -> next(count);
        };
    }
}
