package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Latencies;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Priority;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Beside 0, 2, 8 or 100 busy processes ({@link Hogs}, {@code _jdk}: busy in library code): how late a timer of 10 ms is,
 * set again each time it fires ({@code _tick}), and how long a ping and its answer take, one each millisecond ({@code
 * _rtt}); for processes of normal priority and of priority high ({@code _high}). The values are of five windows of 2.5 s
 * in one VM. A process that is starved counts with the rest of its window.
 */
final class Fairness {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private Fairness() {}

    private enum Signal {
        TICK,
        PAUSED
    }

    static Group own() {
        return group("fair", List.of("fair_0", "fair_2", "fair_8", "fair_100"));
    }

    static Group library() {
        return group("fair_jdk", List.of("fair_2_jdk", "fair_8_jdk", "fair_100_jdk"));
    }

    static Group high() {
        return group("fair_high", List.of("fair_8_high", "fair_100_high", "fair_8_jdk_high", "fair_100_jdk_high"));
    }

    private static Group group(String name, List<String> programNames) {
        var rows = new ArrayList<Row>();
        var programs = new ArrayList<Program>();
        for (var program : programNames) {
            var own = new ArrayList<Row>();
            for (var suffix : List.of("_tick_p50", "_tick_p99", "_tick_max", "_rtt_p50", "_rtt_p99", "_rtt_max")) {
                own.add(Row.cost(program + suffix, "µs").goal(goal(program, suffix)));
            }
            rows.addAll(own);
            var names = own.stream().map(Row::name).toList();
            programs.add(
                    Program.of(program, names, scale -> run(program, scale)).repeated(Program.Repeats.WINDOWS));
        }
        return Group.of(name, rows, programs).rounds(1);
    }

    private static Goal goal(String program, String suffix) {
        var hundred = program.contains("_100");
        return switch (suffix) {
            case "_tick_p99" -> program.equals("fair_0") ? Goal.NONE : new Goal.AtMost(hundred ? 5_000 : 3_000);
            case "_rtt_p50" -> hundred ? new Goal.AtMost(100) : Goal.NONE;
            case "_rtt_p99" -> program.endsWith("_high") ? new Goal.Times(1) : Goal.NONE;
            default -> Goal.NONE;
        };
    }

    private static Result run(String program, Scale scale) throws Exception {
        var parts = List.of(program.split("_", -1));
        var busy = scale.together(Integer.parseInt(parts.get(1)));
        var spawn = Spawn.DEFAULT.priority(parts.contains("high") ? Priority.HIGH : Priority.NORMAL);
        var window = TimeUnit.MILLISECONDS.toNanos(scale.windowMillis());
        var ticks = new Finish<Latencies>();
        var pings = new Finish<Latencies>();
        try (var crowd = new Crowd()) {
            try (var _ = new Hogs(busy, parts.contains("jdk"))) {
                var start = System.nanoTime();
                crowd.server(spawn, new Ticker(start, start + window, ticks));
                var pong = crowd.server(spawn, new PingPong.Ponger());
                crowd.server(spawn, new Pinger(start, start + window, pong, pings));
                Thread.sleep(scale.windowMillis());
            }
            var values = new HashMap<>(ticks.await().micros(program + "_tick"));
            values.putAll(pings.await().micros(program + "_rtt"));
            // Each of the two has come to the end of its window.
            return new Result(
                    values,
                    2,
                    Math.min(1, ticks.await().count())
                            + Math.min(1, pings.await().count()));
        }
    }

    private static final class Ticker implements Receiver {
        private final long end;
        private final Finish<Latencies> finish;
        private final Latencies late = new Latencies();
        private long due;

        private Ticker(long start, long end, Finish<Latencies> finish) {
            this.due = start + TICK.toNanos();
            this.end = end;
            this.finish = finish;
        }

        @Override
        public void started() {
            Proc.sendAfter(TICK, Proc.self(), Signal.TICK);
        }

        @Override
        public void receive(Object message) {
            var now = System.nanoTime();
            late.add(now - due);
            if (now > end) {
                finish.with(late);
            } else {
                due = System.nanoTime() + TICK.toNanos();
                Proc.sendAfter(TICK, Proc.self(), Signal.TICK);
            }
        }
    }

    private static final class Pinger implements Receiver {
        private final long end;
        private final Pid pong;
        private final Finish<Latencies> finish;
        private final Latencies trips = new Latencies();
        private long sent;

        private Pinger(long start, long end, Pid pong, Finish<Latencies> finish) {
            this.sent = start;
            this.end = end;
            this.pong = pong;
            this.finish = finish;
        }

        @Override
        public void started() {
            ping();
        }

        @Override
        public void receive(Object message) {
            if (message == Signal.PAUSED) {
                sent = System.nanoTime();
                ping();
                return;
            }
            var now = System.nanoTime();
            trips.add(now - sent);
            if (now > end) {
                finish.with(trips);
            } else {
                Proc.sendAfter(PAUSE, Proc.self(), Signal.PAUSED);
            }
        }

        private void ping() {
            Proc.send(pong, new PingPong.Ping(Proc.self()));
        }
    }
}
