package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Latencies;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Supervision. A restart in Pekko makes a new behaviour inside of the same actor; on the BEAM, and in Martlet, a process
 * ends, its supervisor hears of it and starts another.
 */
final class Supervision {
    private static final Object CRASH = new Object();

    private Supervision() {}

    private record Started(ActorRef<Object> actor, long at) {}

    /** Without a stack trace, which Erlang's {@code kill} does not make either. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Crash() {
            super("crash", null, false, false);
        }
    }

    static List<Program> programs() {
        return List.of(
                Program.of("start_child_100k", Supervision::starts),
                Program.of("crash_restart", scale -> restarts(scale.together(100), scale.work(100))),
                Program.of(
                        "restart_latency",
                        List.of("restart_latency_p50", "restart_latency_p99"),
                        scale -> latency(scale.work(3_000))));
    }

    private static Result starts(Scale scale) throws Exception {
        var n = scale.work(100_000);
        var started = new CountDownLatch(n);
        var child = supervised(Behaviors.setup(_ -> {
            started.countDown();
            return Behaviors.receiveMessage(_ -> Behaviors.same());
        }));
        try (var crew = new Crew()) {
            var parent = crew.actor((_, context) -> context.spawnAnonymous(child));
            var start = System.nanoTime();
            for (var i = 0; i < n; i++) {
                parent.tell(Crew.GO);
            }
            started.await();
            return Result.rate("start_child_100k", n, System.nanoTime() - start, n - started.getCount());
        }
    }

    private static Behavior<Object> supervised(Behavior<Object> behavior) {
        return Behaviors.supervise(behavior)
                .onFailure(Exception.class, SupervisorStrategy.restart().withLoggingEnabled(false));
    }

    /** Tells {@code to} when it starts, and crashes when it is told to. */
    private static Behavior<Object> reporter(ActorRef<Object> to) {
        return supervised(Behaviors.setup(context -> {
            to.tell(new Started(context.getSelf(), System.nanoTime()));
            return Behaviors.receiveMessage(message -> {
                if (message == CRASH) {
                    throw new Crash();
                }
                return message == Crew.STOP ? Behaviors.stopped() : Behaviors.same();
            });
        }));
    }

    private static Result restarts(int children, int rounds) throws Exception {
        var finish = new Finish<Boolean>();
        var restarts = new long[1];
        var all = new ArrayList<ActorRef<Object>>();
        var start = new long[1];
        try (var crew = new Crew()) {
            var control = crew.actor((message, _) -> {
                if (message instanceof Started(var actor, var _)) {
                    if (all.size() < children) {
                        all.add(actor);
                    } else {
                        restarts[0]++;
                    }
                    if (all.size() < children || restarts[0] % children != 0) {
                        return;
                    }
                    if (restarts[0] == 0) {
                        start[0] = System.nanoTime();
                    } else if (restarts[0] == (long) children * rounds) {
                        finish.with(true);
                        return;
                    }
                    all.forEach(child -> child.tell(CRASH));
                }
            });
            for (var i = 0; i < children; i++) {
                crew.spawn(reporter(control));
            }
            finish.await();
            return Result.rate("crash_restart", (long) children * rounds, finish.nanosSince(start[0]), restarts[0]);
        }
    }

    private static Result latency(int n) throws Exception {
        var finish = new Finish<Boolean>();
        var latencies = new Latencies();
        var crashed = new long[1];
        try (var crew = new Crew()) {
            var control = crew.actor((message, _) -> {
                if (message instanceof Started(var actor, var at)) {
                    if (crashed[0] != 0) {
                        latencies.add(at - crashed[0]);
                    }
                    if (latencies.count() == n) {
                        finish.with(true);
                    } else {
                        crashed[0] = System.nanoTime();
                        actor.tell(CRASH);
                    }
                }
            });
            crew.spawn(reporter(control));
            finish.await();
            var values = new HashMap<>(latencies.micros("restart_latency"));
            values.remove("restart_latency_max");
            return new Result(values, n, latencies.count());
        }
    }
}
