package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/** Ten million messages from eight actors to one, and how soon after the last one it answers as fast as before. */
final class Storms {
    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Object HOLD = new Object();

    private Storms() {}

    private record Wave(int number) {}

    static List<Program> programs() {
        return List.of(program("storm_flow", false), program("storm_backlog", true));
    }

    private static Program program(String name, boolean held) {
        return Program.of(name, List.of(name + "_send", name + "_recovery"), scale -> run(name, held, scale));
    }

    private static Result run(String row, boolean held, Scale scale) throws Exception {
        var each = scale.work(10_000_000) / SENDERS;
        var release = new CountDownLatch(1);
        var sent = new Finish<Boolean>();
        var sending = new AtomicInteger(SENDERS);
        var waves = new long[1];
        var answers = Asks.counter(() -> waves[0]);
        try (var crew = new Crew()) {
            var server = crew.actor((message, context) -> {
                if (message instanceof Wave) {
                    waves[0]++;
                } else if (message == HOLD) {
                    release.await();
                } else {
                    answers.receive(message, context);
                }
            });
            var before = burst(server, scale.work(20_000));
            if (held) {
                server.tell(HOLD);
            }
            var senders = crew.actors(SENDERS, _ -> (_, _) -> {
                for (var i = each; i > 0; i--) {
                    server.tell(new Wave(i));
                }
                if (sending.decrementAndGet() == 0) {
                    sent.with(true);
                }
            });
            var start = System.nanoTime();
            senders.forEach(sender -> sender.tell(Crew.GO));
            var storm = sent.nanosSince(start);
            var over = System.nanoTime();
            release.countDown();
            while (burst(server, scale.work(2_000)) < before / 2 && System.nanoTime() - over < PATIENCE.toNanos()) {}
            var recovered = System.nanoTime() - over;
            return new Result(
                    Map.of(
                            row + "_send",
                            Result.perSecond((long) SENDERS * each, storm),
                            row + "_recovery",
                            recovered / 1e6),
                    (long) SENDERS * each,
                    Asks.get(server));
        }
    }

    /** Asks a second. */
    private static double burst(ActorRef<Object> server, int asks) throws InterruptedException, ExecutionException {
        var start = System.nanoTime();
        for (var i = 0; i < asks; i++) {
            Asks.get(server, PATIENCE);
        }
        return Result.perSecond(asks, System.nanoTime() - start);
    }
}
