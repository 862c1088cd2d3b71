package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process spawns a million that end at once; the time until the last has run. Erlang's {@code spawn(fun)} stands
 * against a server process whose {@code started} does it and exits, and in the {@code _body} rows against a process with
 * a flow of its own, which has a stack.
 */
final class Spawns {
    private static final int COUNT = 1_000_000;

    private Spawns() {}

    static Group group() {
        return Group.of(
                "spawn",
                List.of(
                        Row.headline("spawn_exit", "procs/s"),
                        Row.headline("spawn_done", "procs/s"),
                        Row.rate("spawn_exit_body", "procs/s").versus("spawn_exit"),
                        Row.rate("spawn_done_body", "procs/s").versus("spawn_done")),
                List.of(
                        Program.of("spawn_exit", scale -> exit("spawn_exit", scale, false)),
                        Program.of("spawn_done", scale -> done("spawn_done", scale, false)),
                        Program.of("spawn_exit_body", scale -> exit("spawn_exit_body", scale, true)),
                        Program.of("spawn_done_body", scale -> done("spawn_done_body", scale, true))));
    }

    /** Each counts itself in a shared counter (Erlang: atomics) and ends. */
    private static Result exit(String row, Scale scale, boolean body) throws Exception {
        var n = scale.work(COUNT);
        var ran = new AtomicLong();
        var finish = new Finish<Long>();
        return measure(row, n, finish, body, () -> {
            var count = ran.incrementAndGet();
            if (count == n) {
                finish.with(count);
            }
        });
    }

    /** Each sends a message to a counting process and ends. */
    private static Result done(String row, Scale scale, boolean body) throws Exception {
        var n = scale.work(COUNT);
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var counter = crowd.server(new Counting(n, finish));
            return measure(row, n, finish, body, () -> Proc.send(counter, Go.GO));
        }
    }

    private static Result measure(String row, int n, Finish<Long> finish, boolean body, Runnable life)
            throws Exception {
        try (var crowd = new Crowd()) {
            var start = System.nanoTime();
            crowd.body(() -> {
                var node = Node.current();
                for (var i = 0; i < n; i++) {
                    born(node, body, life);
                }
            });
            var nanos = finish.nanosSince(start);
            return Result.rate(row, n, nanos, finish.await());
        }
    }

    private static Pid born(Node node, boolean body, Runnable life) {
        return body ? Proc.spawn(life::run) : node.spawn(Spawn.DEFAULT, new Mayfly(life));
    }

    /** Lives for one moment. */
    private record Mayfly(Runnable life) implements Receiver {
        @Override
        public void started() {
            life.run();
            throw Proc.exit(ExitReason.NORMAL);
        }

        @Override
        public void receive(Object message) {}
    }
}
