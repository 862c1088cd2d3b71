package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code erlang:send_after} against {@code Proc.sendAfter}. A process starts a million timers of a minute and more, then
 * cancels them all; or cancels each at once; or one process starts a million that fire at another within the next
 * second, which bounds that rate.
 */
final class Timers {
    private static final int COUNT = 1_000_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Timers() {}

    private enum Tick {
        TICK
    }

    static Group group() {
        return Group.of(
                "timer",
                List.of(
                        Row.rate("timer_create", "timers/s"),
                        Row.rate("timer_cancel", "timers/s"),
                        Row.rate("timer_create_then_cancel", "timers/s"),
                        Row.rate("timer_create_cancel_at_once", "timers/s"),
                        Row.rate("timer_fire", "timers/s")),
                List.of(
                        Program.of(
                                "timer_create_cancel",
                                List.of("timer_create", "timer_cancel", "timer_create_then_cancel"),
                                Timers::createThenCancel),
                        Program.of("timer_create_cancel_at_once", Timers::atOnce),
                        Program.of("timer_fire", Timers::fire)));
    }

    private static Result createThenCancel(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                var timers = new Timer[n];
                var self = Proc.self();
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    timers[i] = Proc.sendAfter(Duration.ofMillis(60_000 + (i & 16_383)), self, Tick.TICK);
                }
                var created = System.nanoTime();
                var cancelled = 0L;
                for (var timer : timers) {
                    cancelled += timer.cancel() ? 1 : 0;
                }
                var end = System.nanoTime();
                return new Result(
                        Map.of(
                                "timer_create", Result.perSecond(n, created - start),
                                "timer_cancel", Result.perSecond(n, end - created),
                                "timer_create_then_cancel", Result.perSecond(n, end - start)),
                        n,
                        cancelled);
            });
        }
    }

    private static Result atOnce(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                var self = Proc.self();
                var cancelled = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    cancelled += Proc.sendAfter(MINUTE, self, Tick.TICK).cancel() ? 1 : 0;
                }
                return Result.rate("timer_create_cancel_at_once", n, System.nanoTime() - start, cancelled);
            });
        }
    }

    private static Result fire(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        var spread = Math.max(1, n / 1_000);
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var to = crowd.server(new Counting(n, finish));
            var start = System.nanoTime();
            crowd.body(() -> {
                for (var i = n; i > 0; i--) {
                    Proc.sendAfter(Duration.ofMillis(i % spread), to, Tick.TICK);
                }
            });
            var nanos = finish.nanosSince(start);
            return Result.rate("timer_fire", n, nanos, finish.await());
        }
    }
}
