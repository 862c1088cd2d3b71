package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Pekko's {@code ask} from virtual threads that wait for the answer: the nearest that it has to a call. It has a timeout,
 * but does not watch the server.
 */
final class Asks {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private Asks() {}

    private record Get(ActorRef<Long> from) {}

    static List<Program> programs() {
        return List.of(
                Program.of("call_1", scale -> run("call_1", 1, 1, scale.work(500_000))),
                Program.of("call_100", scale -> run("call_100", scale.together(100), 1, scale.work(10_000))),
                Program.of("call_1000", scale -> run("call_1000", scale.together(1_000), 1, each(scale))),
                Program.of("call_1000_own", scale -> {
                    var both = scale.together(1_000);
                    return run("call_1000_own", both, both, each(scale));
                }));
    }

    private static int each(Scale scale) {
        return scale.work(1_000);
    }

    private static Result run(String row, int clients, int serverCount, int calls) throws Exception {
        var finish = new Finish<Boolean>();
        var left = new AtomicInteger(clients);
        var go = new CountDownLatch(1);
        var answered = new long[serverCount];
        try (var crew = new Crew()) {
            var servers = crew.actors(serverCount, i -> counter(() -> answered[i]++));
            for (var i = 0; i < clients; i++) {
                var server = servers.get(i % serverCount);
                Thread.startVirtualThread(() -> {
                    try {
                        go.await();
                        for (var c = 0; c < calls; c++) {
                            get(server);
                        }
                        if (left.decrementAndGet() == 0) {
                            finish.with(true);
                        }
                    } catch (InterruptedException | ExecutionException e) {
                        finish.failed(e);
                    }
                });
            }
            Thread.sleep(50); // until they stand at the latch
            var start = System.nanoTime();
            go.countDown();
            var nanos = finish.nanosSince(start);
            var sum = 0L;
            for (var count : answered) {
                sum += count;
            }
            return Result.rate(row, (long) clients * calls, nanos, sum);
        }
    }

    /** Answers {@link #get}. */
    static Crew.Handler counter(LongSupplier count) {
        return (message, _) -> {
            if (message instanceof Get(var from)) {
                from.tell(count.getAsLong());
            }
        };
    }

    static long get(ActorRef<Object> server) throws InterruptedException, ExecutionException {
        return get(server, TIMEOUT);
    }

    static long get(ActorRef<Object> server, Duration timeout) throws InterruptedException, ExecutionException {
        return AskPattern.<Object, Long>ask(server, Get::new, timeout, Guardian.SYSTEM.scheduler())
                .toCompletableFuture()
                .get();
    }
}
