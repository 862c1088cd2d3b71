package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.Optional;

/** A ref to whoever has a name in the caller's node. */
record NamedRef<M>(String name, Class<M> protocol) implements Ref<M> {
    @Override
    public Optional<Pid> pid() {
        return Node.current().whereis(name);
    }

    @Override
    public void cast(M message) {
        pid().ifPresent(pid -> Proc.send(pid, message));
    }

    @Override
    public <R> R call(Call<? extends M, R> request) {
        return call(request, Node.current().config().callTimeout());
    }

    @Override
    @SuppressWarnings("unchecked") // GenServer.reply lets only an R answer a Call of R
    public <R> R call(Call<? extends M, R> request, Duration timeout) {
        return (R) Proc.call(required(request), request, timeout);
    }

    @Override
    public <R> Pending<R> sendRequest(Call<? extends M, R> request) {
        return Pending.of(pid(), name, request);
    }

    @Override
    public Timer castAfter(Duration delay, M message) {
        return Proc.sendAfter(delay, required(message), message);
    }

    private Pid required(Object message) {
        return pid().orElseThrow(() -> CallFailed.noProcess(name, message));
    }

    @Override
    public String toString() {
        return name;
    }
}
