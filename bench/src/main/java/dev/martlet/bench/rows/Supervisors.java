package dev.martlet.bench.rows;

import static dev.martlet.otp.Child.child;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Latencies;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Call;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.SupervisorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A supervisor starts 100,000 GenServers, one call each (Erlang: {@code simple_one_for_one}); all 100 children of one
 * are killed and the time until all have been restarted is taken, 100 times; and how long it is from the kill of an only
 * child to the {@code init} of its successor, one after the other and one per millisecond ({@code _paced}).
 */
final class Supervisors {
    private Supervisors() {}

    private record Started(Pid pid, long at) {}

    static Group group() {
        return Group.of(
                "supervisor",
                List.of(
                        Row.rate("start_child_100k", "children/s"),
                        Row.rate("crash_restart", "restarts/s"),
                        Row.cost("restart_latency_p50", "µs"),
                        Row.cost("restart_latency_p99", "µs"),
                        Row.cost("restart_latency_paced_p50", "µs"),
                        Row.cost("restart_latency_paced_p99", "µs")),
                List.of(
                        Program.of("start_child_100k", Supervisors::starts),
                        Program.of("crash_restart", Supervisors::restarts),
                        Program.of(
                                "restart_latency",
                                List.of("restart_latency_p50", "restart_latency_p99"),
                                scale -> latency("restart_latency", scale.work(3_000), false)),
                        Program.of(
                                "restart_latency_paced",
                                List.of("restart_latency_paced_p50", "restart_latency_paced_p99"),
                                scale -> latency("restart_latency_paced", scale.work(2_000), true))));
    }

    private static Result starts(Scale scale) throws Exception {
        var n = scale.work(100_000);
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                Proc.trapExit(true);
                var supervisor = supervisor();
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    supervisor.startChild(child(new Counter(0)).id("c" + i));
                }
                var nanos = System.nanoTime() - start;
                var running = supervisor.children().stream()
                        .filter(c -> c.pid().isPresent())
                        .count();
                end(supervisor);
                return Result.rate("start_child_100k", n, nanos, running);
            });
        }
    }

    private static Result restarts(Scale scale) throws Exception {
        var children = scale.together(100);
        var rounds = scale.work(100);
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                Proc.trapExit(true);
                var supervisor = supervisor();
                var pids = reporters(supervisor, children);
                var restarts = 0L;
                var start = System.nanoTime();
                for (var round = 0; round < rounds; round++) {
                    pids.forEach(Proc::kill);
                    pids.clear();
                    for (var i = 0; i < children; i++) {
                        pids.add(Proc.receive(Started.class).pid());
                        restarts++;
                    }
                }
                var nanos = System.nanoTime() - start;
                end(supervisor);
                return Result.rate("crash_restart", (long) children * rounds, nanos, restarts);
            });
        }
    }

    private static Result latency(String row, int n, boolean paced) throws Exception {
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                Proc.trapExit(true);
                var supervisor = supervisor();
                var pid = reporters(supervisor, 1).getFirst();
                var latencies = new Latencies();
                for (var i = 0; i < n; i++) {
                    if (paced) {
                        Proc.sleep(Duration.ofMillis(1));
                    }
                    var killed = System.nanoTime();
                    Proc.kill(pid);
                    var started = Proc.receive(Started.class);
                    latencies.add(started.at() - killed);
                    pid = started.pid();
                }
                end(supervisor);
                Map<String, Double> values = new HashMap<>(latencies.micros(row));
                values.remove(row + "_max");
                return new Result(values, n, latencies.count());
            });
        }
    }

    private static SupervisorRef supervisor() {
        return Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE)
                .maxRestarts(10_000_000, Duration.ofSeconds(1))
                .start();
    }

    private static List<Pid> reporters(SupervisorRef supervisor, int count) {
        var pids = new ArrayList<Pid>();
        for (var i = 0; i < count; i++) {
            supervisor.startChild(child(new Reporter(Proc.self())).id("r" + i));
            pids.add(Proc.receive(Started.class).pid());
        }
        return pids;
    }

    /** As brutally as Erlang's side does it; the children are linked and go with it. */
    private static void end(SupervisorRef supervisor) {
        var children = supervisor.children();
        Proc.unlink(supervisor.pid());
        Proc.kill(supervisor.pid());
        supervisor.await();
        for (var child : children) {
            child.pid().ifPresent(pid -> Proc.awaitExit(pid, Duration.ofSeconds(30)));
        }
    }

    /** Says when its {@code init} runs. */
    private record Reporter(Pid to) implements GenServer<Reporter.Msg, Long> {
        sealed interface Msg {
            record Get() implements Msg, Call<Msg, Long> {}
        }

        @Override
        public Long init(Ref<Msg> self) {
            Proc.send(to, new Started(Proc.self(), System.nanoTime()));
            return 0L;
        }

        @Override
        public Next<Long> handle(Msg message, Long state) {
            return switch (message) {
                case Msg.Get get -> reply(get, state, state);
            };
        }
    }
}
