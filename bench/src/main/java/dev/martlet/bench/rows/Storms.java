package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Overflow;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.Call;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ten million messages from eight senders to one server, and the time from the last send until it answers calls at half
 * of its earlier speed at least. {@code storm_flow}: the server works meanwhile; Martlet's has its default mailbox, whose
 * limit makes the senders wait. {@code storm_backlog}: it is held up, so all ten million lie in its mailbox, whose limit
 * is raised for that.
 */
final class Storms {
    private static final int MESSAGES = 10_000_000;
    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Storms() {}

    static Group group() {
        return Group.of(
                "storm",
                List.of(
                        Row.rate("storm_flow_send", "messages/s"),
                        Row.cost("storm_flow_recovery", "ms").goal(new Goal.AtMost(1_000)),
                        Row.rate("storm_backlog_send", "messages/s"),
                        Row.cost("storm_backlog_recovery", "ms").goal(new Goal.AtMost(1_000))),
                List.of(program("storm_flow", Spawn.DEFAULT, false), backlog()));
    }

    private static Program backlog() {
        return program("storm_backlog", Spawn.DEFAULT.mailbox(2 * MESSAGES, Overflow.BLOCK), true);
    }

    private static Program program(String name, Spawn spawn, boolean held) {
        return Program.of(name, List.of(name + "_send", name + "_recovery"), scale -> run(name, spawn, held, scale));
    }

    private static Result run(String row, Spawn spawn, boolean held, Scale scale) throws Exception {
        var each = scale.work(MESSAGES) / SENDERS;
        var release = new CountDownLatch(1);
        var sent = new Finish<Boolean>();
        var sending = new AtomicInteger(SENDERS);
        try (var crowd = new Crowd()) {
            var server = GenServer.start(new Shore(release), spawn);
            server.pid().ifPresent(crowd::add);
            var before = crowd.inProcess(() -> burst(server, scale.work(20_000)));
            if (held) {
                server.cast(new Shore.Msg.Hold());
            }
            var senders = crowd.servers(SENDERS, _ -> (Receiver) _ -> {
                for (var i = each; i > 0; i--) {
                    server.cast(new Shore.Msg.Wave(i));
                }
                if (sending.decrementAndGet() == 0) {
                    sent.with(true);
                }
            });
            var start = System.nanoTime();
            senders.forEach(pid -> Proc.send(pid, Go.GO));
            var storm = sent.nanosSince(start);
            var over = System.nanoTime();
            release.countDown();
            var recovered = crowd.inProcess(() -> recovery(server, before, over, scale));
            long waves = crowd.inProcess(() -> server.call(new Shore.Msg.Count(), PATIENCE));
            return new Result(
                    Map.of(
                            row + "_send",
                            Result.perSecond((long) SENDERS * each, storm),
                            row + "_recovery",
                            recovered / 1e6),
                    (long) SENDERS * each,
                    waves);
        }
    }

    /** How long after {@code since} 2,000 calls in a row have gone at half of the speed {@code before} at least. */
    private static long recovery(Ref<Shore.Msg> server, double before, long since, Scale scale) {
        var now = 0.0;
        do {
            now = burst(server, scale.work(2_000));
        } while (now < before / 2 && System.nanoTime() - since < PATIENCE.toNanos());
        return System.nanoTime() - since;
    }

    /** Calls a second. */
    private static double burst(Ref<Shore.Msg> server, int calls) {
        var start = System.nanoTime();
        for (var i = 0; i < calls; i++) {
            server.call(new Shore.Msg.Count(), PATIENCE);
        }
        return Result.perSecond(calls, System.nanoTime() - start);
    }

    /** Counts what breaks on it. */
    private record Shore(CountDownLatch release) implements GenServer<Shore.Msg, Long> {
        sealed interface Msg {
            /** Answers how many waves there were. */
            record Count() implements Msg, Call<Msg, Long> {}

            record Wave(int number) implements Msg {}

            /** Keeps the server busy until it is released. */
            record Hold() implements Msg {}
        }

        @Override
        public Long init(Ref<Msg> self) {
            return 0L;
        }

        @Override
        public Next<Long> handle(Msg message, Long waves) throws Exception {
            return switch (message) {
                case Msg.Count count -> reply(count, waves, waves);
                case Msg.Wave _ -> next(waves + 1);
                case Msg.Hold _ -> {
                    release.await();
                    yield next(waves);
                }
            };
        }
    }
}
