package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.GenServer;
import java.util.List;

/**
 * A process sends itself a message and receives it by its content, with an empty mailbox and behind 10,000 messages that
 * nobody wants; and calls a server with those in its mailbox, which neither side may scan.
 */
final class Selective {
    private static final int JUNK = 10_000;

    private Selective() {}

    private record Junk(int number) {}

    private record Want(int number) {}

    static Group group() {
        return Group.of(
                "selective",
                List.of(
                        Row.rate("selective_empty", "receives/s"),
                        Row.rate("selective_10k", "receives/s"),
                        Row.rate("selective_call_10k", "calls/s")),
                List.of(
                        Program.of("selective_empty", scale -> receives("selective_empty", 0, scale.work(1_000_000))),
                        Program.of("selective_10k", scale -> receives("selective_10k", JUNK, scale.work(20_000))),
                        Program.of("selective_call_10k", Selective::calls)));
    }

    private static Result receives(String row, int junk, int n) throws Exception {
        try (var crowd = new Crowd()) {
            return crowd.inProcess(() -> {
                fill(junk);
                var got = 0L;
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    var number = i;
                    Proc.send(Proc.self(), new Want(number));
                    got += Proc.receive(m -> m instanceof Want(var w) && w == number ? 1 : null);
                }
                return Result.rate(row, n, System.nanoTime() - start, got);
            });
        }
    }

    private static Result calls(Scale scale) throws Exception {
        var n = scale.work(300_000);
        var server = GenServer.start(new Counter(0));
        try (var crowd = new Crowd()) {
            server.pid().ifPresent(crowd::add);
            return crowd.inProcess(() -> {
                fill(JUNK);
                var start = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    server.call(new Counter.Msg.Get());
                }
                var nanos = System.nanoTime() - start;
                return Result.rate("selective_call_10k", n, nanos, server.call(new Counter.Msg.Get()));
            });
        }
    }

    private static void fill(int junk) {
        for (var i = 0; i < junk; i++) {
            Proc.send(Proc.self(), new Junk(i));
        }
    }
}
