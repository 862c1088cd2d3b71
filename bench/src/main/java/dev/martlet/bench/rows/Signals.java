package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.util.ArrayList;
import java.util.List;

/**
 * Monitor and demonitor, link and unlink, a million times on one idle process; and 100,000 processes, monitored by or
 * linked to one that traps exits, which tells them all to end and waits until it has heard of each end.
 */
final class Signals {
    private static final int PAIRS = 1_000_000;
    private static final int ENDS = 100_000;

    private Signals() {}

    private enum Stop {
        STOP
    }

    static Group group() {
        return Group.of(
                "signals",
                List.of(
                        Row.rate("monitor_demonitor", "pairs/s"),
                        Row.rate("link_unlink", "pairs/s"),
                        Row.rate("down_100k", "ends/s"),
                        Row.rate("exit_100k", "ends/s")),
                List.of(
                        Program.of("monitor_demonitor", Signals::monitors),
                        Program.of("link_unlink", Signals::links),
                        Program.of("down_100k", scale -> ends("down_100k", scale, false)),
                        Program.of("exit_100k", scale -> ends("exit_100k", scale, true))));
    }

    private static Result monitors(Scale scale) throws Exception {
        var n = scale.work(PAIRS);
        try (var crowd = new Crowd()) {
            var other = crowd.server(new Mortal());
            return crowd.inProcess(() -> {
                var alive = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    alive += Proc.demonitor(Proc.monitor(other)) ? 1 : 0;
                }
                return Result.rate("monitor_demonitor", n, System.nanoTime() - start, alive);
            });
        }
    }

    private static Result links(Scale scale) throws Exception {
        var n = scale.work(PAIRS);
        try (var crowd = new Crowd()) {
            var other = crowd.server(new Mortal());
            return crowd.inProcess(() -> {
                var done = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    Proc.link(other);
                    Proc.unlink(other);
                    done++;
                }
                var nanos = System.nanoTime() - start;
                Proc.kill(other); // a link that was left over would end this process, and the run with it
                return Result.rate("link_unlink", n, nanos, done);
            });
        }
    }

    private static Result ends(String row, Scale scale, boolean linked) throws Exception {
        var n = scale.work(ENDS);
        var ready = new Finish<Boolean>();
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var watcher = crowd.server(Spawn.DEFAULT.trappingExits(), new Watcher(n, linked, ready, finish));
            ready.await();
            var start = System.nanoTime();
            Proc.send(watcher, Go.GO);
            var nanos = finish.nanosSince(start);
            return Result.rate(row, n, nanos, finish.await());
        }
    }

    /** Ends when it is told to. */
    private static final class Mortal implements Receiver {
        @Override
        public void receive(Object message) {
            if (message == Stop.STOP) {
                throw Proc.exit(ExitReason.NORMAL);
            }
        }
    }

    private static final class Watcher implements Receiver {
        private final int count;
        private final boolean linked;
        private final Finish<Boolean> ready;
        private final Finish<Long> finish;
        private final List<Pid> pids = new ArrayList<>();
        private long ended;

        private Watcher(int count, boolean linked, Finish<Boolean> ready, Finish<Long> finish) {
            this.count = count;
            this.linked = linked;
            this.ready = ready;
            this.finish = finish;
        }

        @Override
        public void started() {
            var node = Node.current();
            for (var i = 0; i < count; i++) {
                var pid = node.spawn(linked ? Spawn.DEFAULT.linked() : Spawn.DEFAULT, new Mortal());
                if (!linked) {
                    Proc.monitor(pid);
                }
                pids.add(pid);
            }
            ready.with(true);
        }

        @Override
        public void receive(Object message) {
            switch (message) {
                case Go _ -> pids.forEach(pid -> Proc.send(pid, Stop.STOP));
                case Down(var _, var _, ExitReason.Normal _) -> ended();
                case Exit(var _, ExitReason.Normal _) -> ended();
                default -> finish.failed(new IllegalStateException("not expected: " + message));
            }
        }

        private void ended() {
            if (++ended == count) {
                finish.with(ended);
            }
        }
    }
}
