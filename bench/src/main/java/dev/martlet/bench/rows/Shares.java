package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Latencies;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What a ping-pong that never pauses keeps of its throughput beside 8 or 100 busy processes ({@code share}, both measured
 * in the same run); and how long a process spawned from outside beside them waits until it first runs, one every 5 ms
 * ({@code newcomer}; {@code _body}: one with a flow of its own).
 */
final class Shares {
    private Shares() {}

    static Group shares() {
        var names = List.of("share_8", "share_100", "share_8_jdk", "share_100_jdk");
        return Group.of(
                        "share",
                        names.stream().map(Shares::shareRow).toList(),
                        names.stream()
                                .map(name -> Program.of(name, scale -> share(name, scale))
                                        .repeated(Program.Repeats.WINDOWS))
                                .toList())
                .rounds(1);
    }

    private static Row shareRow(String name) {
        return Row.rate(name, "% of alone").goal(new Goal.AtLeast(50));
    }

    static Group newcomers() {
        var rows = new ArrayList<Row>();
        var programs = new ArrayList<Program>();
        for (var name : List.of(
                "newcomer_8", "newcomer_100", "newcomer_100_jdk", "newcomer_100_body", "newcomer_100_jdk_body")) {
            var names = new ArrayList<String>();
            for (var suffix : List.of("_p50", "_p99", "_max")) {
                var row = Row.cost(name + suffix, "µs");
                rows.add(name.endsWith("_body") ? row.versus(name.replace("_body", "") + suffix) : row);
                names.add(row.name());
            }
            programs.add(Program.of(name, names, scale -> newcomer(name, scale)).repeated(Program.Repeats.WINDOWS));
        }
        return Group.of("newcomer", rows, programs).rounds(1);
    }

    private static Result share(String row, Scale scale) throws Exception {
        var parts = List.of(row.split("_", -1));
        var busy = scale.together(Integer.parseInt(parts.get(1)));
        var alone = throughput(scale);
        try (var _ = new Hogs(busy, parts.contains("jdk"))) {
            var beside = throughput(scale);
            return new Result(Map.of(row, 100 * beside / alone), 1, alone > 0 ? 1 : 0);
        }
    }

    /** Round trips a second, looked at from outside. */
    private static double throughput(Scale scale) throws Exception {
        var trips = new AtomicLong();
        var pong = Node.current().spawn(Spawn.DEFAULT, new PingPong.Ponger());
        var ping = Node.current().spawn(Spawn.DEFAULT, new Endless(pong, trips));
        Proc.send(ping, PingPong.Pong.PONG);
        Thread.sleep(Math.min(100, scale.windowMillis()));
        var before = trips.get();
        var start = System.nanoTime();
        Thread.sleep(scale.windowMillis());
        var nanos = System.nanoTime() - start;
        var rate = Result.perSecond(trips.get() - before, nanos);
        Proc.kill(ping);
        Proc.kill(pong);
        return rate;
    }

    private record Endless(Pid pong, AtomicLong trips) implements Receiver {
        @Override
        public void receive(Object message) {
            trips.lazySet(trips.getPlain() + 1); // one writer
            Proc.send(pong, new PingPong.Ping(Proc.self()));
        }
    }

    private static Result newcomer(String row, Scale scale) throws Exception {
        var parts = List.of(row.split("_", -1));
        var busy = scale.together(Integer.parseInt(parts.get(1)));
        var count = (int) Math.max(2, scale.windowMillis() / 5);
        var waits = new long[count];
        var ran = new CountDownLatch(count);
        try (var crowd = new Crowd()) {
            try (var _ = new Hogs(busy, parts.contains("jdk"))) {
                for (var i = 0; i < count; i++) {
                    var number = i;
                    var start = System.nanoTime();
                    Runnable life = () -> {
                        waits[number] = System.nanoTime() - start;
                        ran.countDown();
                    };
                    if (parts.contains("body")) {
                        crowd.body(life::run);
                    } else {
                        crowd.server(new Newcomer(life));
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
                ran.await(scale.windowMillis(), TimeUnit.MILLISECONDS);
            }
            // Who was starved runs now that the busy ones have stopped.
            if (!ran.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(ran.getCount() + " processes never ran");
            }
            var latencies = new Latencies();
            for (var wait : waits) {
                latencies.add(wait);
            }
            return new Result(latencies.micros(row), count, latencies.count());
        }
    }

    private record Newcomer(Runnable life) implements Receiver {
        @Override
        public void started() {
            life.run();
        }

        @Override
        public void receive(Object message) {}
    }
}
