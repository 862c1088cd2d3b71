package dev.martlet.otp;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.Optional;

/** A ref to one process. Equal to others to the same process. */
record PidRef<M>(Pid process) implements Ref<M> {
    @Override
    public Optional<Pid> pid() {
        return Optional.of(process);
    }

    @Override
    public void cast(M message) {
        Proc.send(process, message);
    }

    @Override
    public <R> R call(Call<? extends M, R> request) {
        return call(request, Node.current().config().callTimeout());
    }

    @Override
    @SuppressWarnings("unchecked") // GenServer.reply lets only an R answer a Call of R
    public <R> R call(Call<? extends M, R> request, Duration timeout) {
        return (R) Proc.call(process, request, timeout);
    }

    @Override
    public <R> Pending<R> sendRequest(Call<? extends M, R> request) {
        return Pending.of(Optional.of(process), toString(), request);
    }

    @Override
    public Timer castAfter(Duration delay, M message) {
        return Proc.sendAfter(delay, process, message);
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
