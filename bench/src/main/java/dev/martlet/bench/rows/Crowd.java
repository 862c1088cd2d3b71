package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/** The processes of one run. Closing it kills them and waits until they have ended. */
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Node node = Node.current();
    private final List<Pid> all = new ArrayList<>();

    /** Starts a server process. */
    Pid server(Receiver code) {
        return server(Spawn.DEFAULT, code);
    }

    /** Starts a server process with options. */
    Pid server(Spawn spawn, Receiver code) {
        var pid = node.spawn(spawn, code);
        all.add(pid);
        return pid;
    }

    /** Starts several. */
    List<Pid> servers(int count, IntFunction<? extends Receiver> code) {
        var pids = new ArrayList<Pid>(count);
        for (var i = 0; i < count; i++) {
            pids.add(server(code.apply(i)));
        }
        return pids;
    }

    /** Starts a process with a flow of its own. */
    Pid body(Proc.Body code) {
        var pid = node.spawn(Spawn.DEFAULT, code);
        all.add(pid);
        return pid;
    }

    /** Takes a process that was started elsewhere. */
    void add(Pid pid) {
        all.add(pid);
    }

    /** Does something in a process with a flow of its own, and waits for its result. */
    <T> T inProcess(Callable<T> work) throws Exception {
        var finish = new Finish<T>();
        body(() -> {
            try {
                finish.with(work.call());
            } catch (Exception e) {
                finish.failed(e);
            }
        });
        return finish.await();
    }

    @Override
    public void close() {
        all.forEach(Proc::kill);
        for (var pid : all) {
            if (Proc.awaitExit(pid, PATIENCE).isEmpty()) {
                throw new IllegalStateException(
                        pid + " was killed and has not ended within " + PATIENCE.toSeconds() + " s");
            }
        }
    }
}
