package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Footprint;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Bytes for each idle actor that has a counter as its state, and how fast they start: asynchronously, Pekko's only way. */
final class Memory {
    private Memory() {}

    static List<Program> programs() {
        return List.of(Program.of("memory", List.of("memory_heap", "memory_rss", "memory_start_1M"), Memory::run)
                .repeated(Program.Repeats.ONCE));
    }

    private static Result run(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        start(Math.min(n, 1_000));
        var before = Footprint.now();
        var begin = System.nanoTime();
        var started = start(n);
        var nanos = System.nanoTime() - begin;
        var after = Footprint.now();
        return new Result(
                Map.of(
                        "memory_heap", after.heapSince(before) / n,
                        "memory_rss", after.residentSince(before) / n,
                        "memory_start_1M", Result.perSecond(n, nanos)),
                n,
                started);
    }

    private static long start(int count) throws InterruptedException {
        var running = new CountDownLatch(count);
        Behavior<Object> idle = Behaviors.setup(_ -> {
            var state = new int[1];
            running.countDown();
            return Behaviors.receiveMessage(_ -> {
                state[0]++;
                return Behaviors.same();
            });
        });
        Guardian.spawn(count, idle);
        running.await();
        return count - running.getCount();
    }
}
