package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request and its answer as two messages between server processes, without the timeout and the watch of a call: what
 * actor libraries do by default. The rows have the shapes of {@link Calls}.
 */
final class Replies {
    private Replies() {}

    private record Ask(Pid from) {}

    private record Answer(long count) {}

    static Group group() {
        return Group.of(
                "reply",
                List.of(
                        Row.headline("reply_1", "requests/s"),
                        Row.headline("reply_100", "requests/s"),
                        Row.headline("reply_1000", "requests/s"),
                        Row.headline("reply_1000_own", "requests/s")),
                List.of(
                        Program.of("reply_1", scale -> run("reply_1", 1, 1, scale.work(1_000_000))),
                        Program.of("reply_100", scale -> run("reply_100", scale.together(100), 1, scale.work(30_000))),
                        Program.of(
                                "reply_1000", scale -> run("reply_1000", scale.together(1_000), 1, scale.work(3_000))),
                        Program.of(
                                "reply_1000_own",
                                scale -> run(
                                        "reply_1000_own",
                                        scale.together(1_000),
                                        scale.together(1_000),
                                        scale.work(3_000)))));
    }

    private static Result run(String row, int clients, int servers, int requests) throws Exception {
        var finish = new Finish<Boolean>();
        var left = new AtomicInteger(clients);
        try (var crowd = new Crowd()) {
            var answering = new ArrayList<Server>();
            var to = crowd.servers(servers, _ -> {
                var server = new Server();
                answering.add(server);
                return server;
            });
            var pids = crowd.servers(clients, i -> new Client(to.get(i % servers), requests, left, finish));
            var start = System.nanoTime();
            pids.forEach(pid -> Proc.send(pid, Go.GO));
            var nanos = finish.nanosSince(start);
            return Result.rate(
                    row,
                    (long) clients * requests,
                    nanos,
                    answering.stream().mapToLong(s -> s.count).sum());
        }
    }

    private static final class Server implements Receiver {
        private long count;

        @Override
        public void receive(Object message) {
            if (message instanceof Ask(var from)) {
                Proc.send(from, new Answer(count++));
            }
        }
    }

    private static final class Client implements Receiver {
        private final Pid server;
        private final AtomicInteger clients;
        private final Finish<Boolean> finish;
        private int left;

        private Client(Pid server, int requests, AtomicInteger clients, Finish<Boolean> finish) {
            this.server = server;
            this.left = requests;
            this.clients = clients;
            this.finish = finish;
        }

        @Override
        public void receive(Object message) {
            if (left-- > 0) {
                Proc.send(server, new Ask(Proc.self()));
            } else if (clients.decrementAndGet() == 0) {
                finish.with(true);
            }
        }
    }
}
