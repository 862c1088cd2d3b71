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
import dev.martlet.otp.DynamicSupervisor;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link DynamicSupervisor} (Erlang: {@code simple_one_for_one}) starts 100,000 GenServers, one call each; all 100 children of one,
 * or of 16, are killed and the time until all have been restarted is taken, 100 times; and how long it is from the kill of an only
 * child to the {@code init} of its successor, one after the other and one per millisecond ({@code _paced}).
 */
final class Supervisors {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Supervisors() {}

    private record Started(Pid pid, long at) {}

    static Group group() {
        return Group.of(
                "supervisor",
                List.of(
                        Row.rate("start_child_100k", "children/s"),
                        Row.rate("crash_restart", "restarts/s"),
                        Row.rate("crash_restart_16", "restarts/s"),
                        Row.cost("restart_latency_p50", "µs"),
                        Row.cost("restart_latency_p99", "µs"),
                        Row.cost("restart_latency_paced_p50", "µs"),
                        Row.cost("restart_latency_paced_p99", "µs")),
                List.of(
                        Program.of("start_child_100k", Supervisors::starts),
                        Program.of("crash_restart", scale -> restarts("crash_restart", 1, scale)),
                        Program.of("crash_restart_16", scale -> restarts("crash_restart_16", 16, scale)),
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
                    supervisor.startChild(child(new Counter(0)));
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

    private static Result restarts(String row, int count, Scale scale) throws Exception {
        var children = scale.together(100);
        var rounds = scale.work(100);
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                Proc.trapExit(true);
                var supervisors = new ArrayList<DynamicSupervisor>();
                for (var i = 0; i < count; i++) {
                    supervisors.add(supervisor());
                }
                var pids = new ArrayList<Pid>();
                for (var i = 0; i < children; i++) {
                    pids.add(reporter(supervisors.get(i % count)));
                }
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
                supervisors.forEach(Supervisors::end);
                return Result.rate(row, (long) children * rounds, nanos, restarts);
            });
        }
    }

    private static Result latency(String row, int n, boolean paced) throws Exception {
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                Proc.trapExit(true);
                var supervisor = supervisor();
                var pid = reporter(supervisor);
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

    private static DynamicSupervisor supervisor() {
        return DynamicSupervisor.of("bench")
                .maxRestarts(10_000_000, Duration.ofSeconds(1))
                .start();
    }

    private static Pid reporter(DynamicSupervisor supervisor) {
        supervisor.startChild(child(new Reporter(Proc.self())));
        return Proc.receive(Started.class).pid();
    }

    /** As brutally as Erlang's side does it; the children are linked and go with it. */
    private static void end(DynamicSupervisor supervisor) {
        var children = supervisor.children();
        var parent = supervisor.pid();
        Proc.unlink(parent);
        Proc.kill(parent);
        Proc.awaitExit(parent, PATIENCE);
        for (var child : children) {
            child.pid().ifPresent(pid -> Proc.awaitExit(pid, PATIENCE));
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
