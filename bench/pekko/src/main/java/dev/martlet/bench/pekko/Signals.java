package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Timers by {@code scheduleOnce}, and watching. */
final class Signals {
    private static final Object TICK = new Object();

    private Signals() {}

    static List<Program> programs() {
        return List.of(
                Program.of(
                        "timer_create_cancel",
                        List.of("timer_create", "timer_cancel", "timer_create_then_cancel"),
                        Signals::createThenCancel),
                Program.of("timer_create_cancel_at_once", Signals::atOnce),
                Program.of("timer_fire", Signals::fire),
                Program.of("monitor_demonitor", Signals::watches),
                Program.of("down_100k", Signals::ends));
    }

    /** Does something in an actor and waits for its result. */
    private static Result inActor(Crew crew, Function<ActorContext<Object>, Result> work) throws Exception {
        var finish = new Finish<Result>();
        crew.actor((_, context) -> finish.with(work.apply(context))).tell(Crew.GO);
        return finish.await();
    }

    private static Result createThenCancel(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        try (var crew = new Crew()) {
            return inActor(crew, context -> {
                var timers = new Cancellable[n];
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    timers[i] = context.scheduleOnce(Duration.ofMillis(60_000 + (i & 16_383)), context.getSelf(), TICK);
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
        var n = scale.work(1_000_000);
        try (var crew = new Crew()) {
            return inActor(crew, context -> {
                var cancelled = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    cancelled += context.scheduleOnce(Duration.ofMinutes(1), context.getSelf(), TICK)
                                    .cancel()
                            ? 1
                            : 0;
                }
                return Result.rate("timer_create_cancel_at_once", n, System.nanoTime() - start, cancelled);
            });
        }
    }

    private static Result fire(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        var spread = Math.max(1, n / 1_000);
        var finish = new Finish<Long>();
        try (var crew = new Crew()) {
            var to = crew.actor(Messages.counting(n, finish));
            var sender = crew.actor((_, context) -> {
                for (var i = n; i > 0; i--) {
                    context.scheduleOnce(Duration.ofMillis(i % spread), to, TICK);
                }
            });
            var start = System.nanoTime();
            sender.tell(Crew.GO);
            var nanos = finish.nanosSince(start);
            return Result.rate("timer_fire", n, nanos, finish.await());
        }
    }

    private static Result watches(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        try (var crew = new Crew()) {
            var other = crew.actor((_, _) -> {});
            return inActor(crew, context -> {
                var done = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    context.watch(other);
                    context.unwatch(other);
                    done++;
                }
                return Result.rate("monitor_demonitor", n, System.nanoTime() - start, done);
            });
        }
    }

    private static Result ends(Scale scale) throws Exception {
        var n = scale.work(100_000);
        var ready = new Finish<Boolean>();
        var finish = new Finish<Long>();
        var ended = new long[1];
        try (var crew = new Crew()) {
            var mortals = crew.actors(n, _ -> (_, _) -> {});
            var watcher = crew.spawn(Behaviors.setup(context -> {
                mortals.forEach(context::watch);
                ready.with(true);
                return Behaviors.receive(Object.class)
                        .onMessageEquals(Crew.STOP, Behaviors::stopped)
                        .onMessageEquals(Crew.GO, () -> {
                            mortals.forEach(mortal -> mortal.tell(Crew.STOP));
                            return Behaviors.same();
                        })
                        .onSignal(Terminated.class, _ -> {
                            if (++ended[0] == n) {
                                finish.with(ended[0]);
                            }
                            return Behaviors.same();
                        })
                        .build();
            }));
            ready.await();
            Thread.sleep(200); // until the watches have reached them
            var start = System.nanoTime();
            watcher.tell(Crew.GO);
            var nanos = finish.nanosSince(start);
            return Result.rate("down_100k", n, nanos, finish.await());
        }
    }
}
