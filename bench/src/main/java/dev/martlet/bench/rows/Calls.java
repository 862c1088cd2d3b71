package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code gen_server:call} against {@code Ref.call}: one request, one reply, both with a timeout of 5 s and both told of
 * the server's death. Clients are processes with a flow of their own that call one after the other: 1, 100 or 1000 of
 * them on one server, and 1000 with a server each.
 */
final class Calls {
    private Calls() {}

    static Group group() {
        return Group.of(
                "call",
                List.of(
                        Row.headline("call_1", "calls/s"),
                        Row.headline("call_100", "calls/s"),
                        Row.headline("call_1000", "calls/s"),
                        Row.headline("call_1000_own", "calls/s")),
                List.of(
                        Program.of("call_1", scale -> run("call_1", 1, 1, scale.work(500_000))),
                        Program.of("call_100", scale -> run("call_100", scale.together(100), 1, scale.work(10_000))),
                        Program.of("call_1000", scale -> run("call_1000", scale.together(1_000), 1, each(scale))),
                        Program.of(
                                "call_1000_own",
                                scale -> run(
                                        "call_1000_own", scale.together(1_000), scale.together(1_000), each(scale)))));
    }

    private static int each(Scale scale) {
        return scale.work(1_000);
    }

    private static Result run(String row, int clients, int serverCount, int calls) throws Exception {
        var finish = new Finish<Boolean>();
        var left = new AtomicInteger(clients);
        try (var crowd = new Crowd()) {
            var servers = new ArrayList<Ref<Counter.Msg>>();
            for (var i = 0; i < serverCount; i++) {
                var server = GenServer.start(new Counter(0));
                server.pid().ifPresent(crowd::add);
                servers.add(server);
            }
            var pids = new ArrayList<Pid>();
            for (var i = 0; i < clients; i++) {
                var server = servers.get(i % serverCount);
                pids.add(crowd.body(() -> {
                    Proc.receive(Go.class);
                    for (var c = 0; c < calls; c++) {
                        server.call(new Counter.Msg.Get());
                    }
                    if (left.decrementAndGet() == 0) {
                        finish.with(true);
                    }
                }));
            }
            var start = System.nanoTime();
            pids.forEach(pid -> Proc.send(pid, Go.GO));
            var nanos = finish.nanosSince(start);
            var answered = 0L;
            for (var server : servers) {
                answered += server.call(new Counter.Msg.Get());
            }
            return Result.rate(row, (long) clients * calls, nanos, answered);
        }
    }
}
