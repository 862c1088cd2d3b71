package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.util.List;

/**
 * Two processes, one message to and fro, a million times. Both are server processes; in {@code pingpong_body} both wait
 * in {@code receive}, as Erlang's do.
 */
final class PingPong {
    private static final int COUNT = 1_000_000;

    private PingPong() {}

    record Ping(Pid from) {}

    enum Pong {
        PONG
    }

    static Group group() {
        return Group.of(
                "pingpong",
                List.of(
                        Row.headline("pingpong", "round trips/s"),
                        Row.rate("pingpong_body", "round trips/s").versus("pingpong")),
                List.of(Program.of("pingpong", PingPong::servers), Program.of("pingpong_body", PingPong::bodies)));
    }

    private static Result servers(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var ponger = new Ponger();
            var ping = crowd.server(new Pinger(n, crowd.server(ponger), finish));
            var start = System.nanoTime();
            Proc.send(ping, Pong.PONG);
            var nanos = finish.nanosSince(start);
            return Result.rate("pingpong", n, nanos, ponger.pings);
        }
    }

    private static Result bodies(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        try (var crowd = new Crowd()) {
            var pong = crowd.body(() -> {
                while (true) {
                    Proc.send(Proc.receive(Ping.class).from(), Pong.PONG);
                }
            });
            var start = System.nanoTime();
            var pongs = crowd.inProcess(() -> {
                var count = 0L;
                for (var i = 0; i < n; i++) {
                    Proc.send(pong, new Ping(Proc.self()));
                    Proc.receive(Pong.class);
                    count++;
                }
                return count;
            });
            return Result.rate("pingpong_body", n, System.nanoTime() - start, pongs);
        }
    }

    static final class Ponger implements Receiver {
        private long pings;

        @Override
        public void receive(Object message) {
            if (message instanceof Ping(var from)) {
                pings++;
                Proc.send(from, Pong.PONG);
            }
        }
    }

    private static final class Pinger implements Receiver {
        private final Pid pong;
        private final Finish<Long> finish;
        private final long rounds;
        private long left;

        private Pinger(long rounds, Pid pong, Finish<Long> finish) {
            this.rounds = rounds;
            this.left = rounds;
            this.pong = pong;
            this.finish = finish;
        }

        @Override
        public void receive(Object message) {
            if (left-- == 0) {
                finish.with(rounds);
            } else {
                Proc.send(pong, new Ping(Proc.self()));
            }
        }
    }
}
