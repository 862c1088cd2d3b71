package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Busy;
import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Latencies;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Timers, round trips and throughput beside busy actors. Those that are measured exist before the others get busy, since
 * Pekko starts none afterwards; who is starved counts with the rest of its window.
 */
final class Fairness {
    private static final Object TICK = new Object();

    private Fairness() {}

    /** Begins, with the time when that was said. */
    private record Start(long at) {}

    static List<Program> programs() {
        var programs = new ArrayList<Program>();
        for (var name : List.of("fair_0", "fair_2", "fair_8", "fair_100", "fair_2_jdk", "fair_8_jdk", "fair_100_jdk")) {
            var rows = new ArrayList<String>();
            for (var suffix : List.of("_tick_p50", "_tick_p99", "_tick_max", "_rtt_p50", "_rtt_p99", "_rtt_max")) {
                rows.add(name + suffix);
            }
            programs.add(Program.of(name, rows, scale -> fair(name, scale)).repeated(Program.Repeats.WINDOWS));
        }
        for (var name : List.of("share_8", "share_100", "share_8_jdk", "share_100_jdk")) {
            programs.add(Program.of(name, scale -> share(name, scale)).repeated(Program.Repeats.WINDOWS));
        }
        return programs;
    }

    private static int busy(String name, Scale scale) {
        return scale.together(Integer.parseInt(name.split("_", -1)[1]));
    }

    /** Actors that are busy until they are told to stop. */
    private static void hogs(Crew crew, int count, boolean library, AtomicBoolean stop) throws InterruptedException {
        var hogs = crew.actors(count, i -> (_, _) -> {
            var x = (long) i;
            while (!stop.get()) {
                x = library ? x + Busy.library(i) : Busy.spin(x);
            }
            if (x == Long.MIN_VALUE) {
                throw new IllegalStateException("so that no work is for nothing");
            }
        });
        hogs.forEach(hog -> hog.tell(Crew.GO));
        Thread.sleep(200);
    }

    private static Result fair(String name, Scale scale) throws Exception {
        var ticks = new Finish<Latencies>();
        var trips = new Finish<Latencies>();
        var end = new AtomicLong();
        var stop = new AtomicBoolean();
        try (var crew = new Crew()) {
            var pong = crew.actor(Messages.ponger());
            var ticker = crew.actor(ticker(end, ticks));
            var pinger = crew.actor(pinger(end, pong, trips));
            hogs(crew, busy(name, scale), name.endsWith("_jdk"), stop);
            var now = System.nanoTime();
            end.set(now + TimeUnit.MILLISECONDS.toNanos(scale.windowMillis()));
            ticker.tell(new Start(now));
            pinger.tell(new Start(now));
            Thread.sleep(scale.windowMillis());
            stop.set(true);
            Map<String, Double> values = new HashMap<>(ticks.await().micros(name + "_tick"));
            values.putAll(trips.await().micros(name + "_rtt"));
            return new Result(
                    values,
                    2,
                    Math.min(1, ticks.await().count())
                            + Math.min(1, trips.await().count()));
        }
    }

    private static Crew.Handler ticker(AtomicLong end, Finish<Latencies> finish) {
        var late = new Latencies();
        var due = new long[1];
        return (message, context) -> {
            var now = System.nanoTime();
            if (message instanceof Start(var at)) {
                due[0] = at;
            } else {
                late.add(now - due[0]);
            }
            if (now > end.get() && late.count() > 0) {
                finish.with(late);
                return;
            }
            if (message instanceof Start && now > end.get()) {
                late.add(now - due[0]);
                finish.with(late);
                return;
            }
            due[0] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
            context.scheduleOnce(Duration.ofMillis(10), context.getSelf(), TICK);
        };
    }

    private static Crew.Handler pinger(AtomicLong end, ActorRef<Object> pong, Finish<Latencies> finish) {
        var trips = new Latencies();
        var sent = new long[1];
        return (message, context) -> {
            var now = System.nanoTime();
            if (message == TICK || message instanceof Start) {
                sent[0] = message instanceof Start(var at) ? at : now;
                pong.tell(new Messages.Ping(context.getSelf()));
                return;
            }
            trips.add(now - sent[0]);
            if (now > end.get()) {
                finish.with(trips);
            } else {
                context.scheduleOnce(Duration.ofMillis(1), context.getSelf(), TICK);
            }
        };
    }

    private static Result share(String row, Scale scale) throws Exception {
        var alone = throughput(0, false, scale);
        var beside = throughput(busy(row, scale), row.endsWith("_jdk"), scale);
        return new Result(Map.of(row, 100 * beside / alone), 1, alone > 0 ? 1 : 0);
    }

    /** Round trips a second, looked at from outside. */
    private static double throughput(int busy, boolean library, Scale scale) throws Exception {
        var trips = new AtomicLong();
        var stop = new AtomicBoolean();
        try (var crew = new Crew()) {
            var pong = crew.actor(Messages.ponger());
            var ping = crew.actor((_, context) -> {
                trips.lazySet(trips.getPlain() + 1); // one writer
                pong.tell(new Messages.Ping(context.getSelf()));
            });
            hogs(crew, busy, library, stop);
            ping.tell(Crew.GO);
            Thread.sleep(Math.min(100, scale.windowMillis()));
            var before = trips.get();
            var start = System.nanoTime();
            Thread.sleep(scale.windowMillis());
            var rate = Result.perSecond(trips.get() - before, System.nanoTime() - start);
            stop.set(true);
            return rate;
        }
    }
}
