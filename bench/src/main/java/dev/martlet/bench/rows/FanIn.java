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
 * 2, 16 or 1000 processes send five million messages in all to one. Erlang's mailbox grows without a limit; Martlet's has
 * the default limit, so its senders are made to wait.
 */
final class FanIn {
    private static final int TOTAL = 5_000_000;

    private FanIn() {}

    private record Message(int number) {}

    static Group group() {
        return Group.of(
                "fanin",
                List.of(
                        Row.headline("fanin_2", "messages/s"),
                        Row.headline("fanin_16", "messages/s"),
                        Row.headline("fanin_1000", "messages/s")),
                List.of(
                        Program.of("fanin_2", scale -> run("fanin_2", 2, scale)),
                        Program.of("fanin_16", scale -> run("fanin_16", 16, scale)),
                        Program.of("fanin_1000", scale -> run("fanin_1000", scale.together(1_000), scale))));
    }

    private static Result run(String row, int senders, Scale scale) throws Exception {
        var each = Math.max(1, scale.work(TOTAL) / senders);
        var total = (long) each * senders;
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var receiver = crowd.server(new Counting(total, finish));
            var pids = crowd.servers(senders, _ -> new Sender(receiver, each));
            var start = System.nanoTime();
            pids.forEach(pid -> Proc.send(pid, Go.GO));
            var nanos = finish.nanosSince(start);
            return Result.rate(row, total, nanos, finish.await());
        }
    }

    private record Sender(Pid to, int count) implements Receiver {
        @Override
        public void receive(Object message) {
            for (var i = count; i > 0; i--) {
                Proc.send(to, new Message(i));
            }
        }
    }
}
