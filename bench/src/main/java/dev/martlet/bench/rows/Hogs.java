package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Busy;
import dev.martlet.bench.harness.Finish;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Processes that are busy and never give up the CPU: in a loop of their own, or deep in the JDK ({@link
 * Busy}). Every other one is a server process, the rest have a flow of their own. Closing ends them.
 */
final class Hogs implements AutoCloseable {
    private final boolean library;
    private final List<Pid> pids = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final Finish<Boolean> ended = new Finish<>();
    private volatile boolean stop;
    private volatile long result; // so that no work is for nothing

    Hogs(int count, boolean library) throws InterruptedException {
        this.library = library;
        running.set(count);
        var node = Node.current();
        for (var i = 0; i < count; i++) {
            var number = i;
            var pid =
                    i % 2 == 0 ? node.spawn(Spawn.DEFAULT, (Receiver) _ -> run(number)) : Proc.spawn(() -> run(number));
            pids.add(pid);
            Proc.send(pid, Go.GO);
        }
        Thread.sleep(200); // as on Erlang's side: the schedulers are full before anybody looks
    }

    private void run(int number) {
        var x = (long) number;
        while (!stop) {
            x = library ? x + Busy.library(number) : Busy.spin(x);
        }
        result = x;
        if (running.decrementAndGet() == 0) {
            ended.with(true);
        }
    }

    @Override
    public void close() {
        stop = true;
        if (!pids.isEmpty()) {
            awaitEnd();
        }
        for (var pid : pids) {
            Proc.kill(pid);
            Proc.awaitExit(pid, Duration.ofSeconds(30));
        }
        if (result == Long.MIN_VALUE) {
            throw new IllegalStateException("nobody was busy");
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (Exception e) {
            throw new IllegalStateException(running + " of " + pids.size() + " busy processes did not end", e);
        }
    }
}
