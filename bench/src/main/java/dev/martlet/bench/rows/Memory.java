package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Footprint;
import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.GenServer;
import java.util.List;
import java.util.Map;

/**
 * Bytes for each idle GenServer at a million: the Java heap after a full collection against {@code
 * erlang:memory(processes)}, and the resident size of the whole VM; also how fast they start, one after the other, each
 * with its {@code init}, by one process. A GenServer here is what {@code GenServer.start(new Counter(0))} makes. Once with
 * small object headers, as Martlet is started, and once without.
 */
final class Memory {
    private static final int COUNT = 1_000_000;

    private Memory() {}

    static Group group() {
        return group("memory").vm(Group.Vm.BYTES);
    }

    static Group wideHeaders() {
        return group("memory_wide").vm(new Group.Vm(Group.Vm.BYTES.firstHeap(), Group.Vm.BYTES.heapGigabytes(), false));
    }

    private static Group group(String name) {
        var wide = name.equals("memory_wide");
        var heap = Row.cost(name + "_heap", "bytes");
        var rss = Row.cost(name + "_rss", "bytes");
        var starts = Row.rate(name + "_start_1M", "servers/s");
        return Group.of(
                name,
                wide
                        ? List.of(
                                heap.versus("memory_heap"), rss.versus("memory_rss"), starts.versus("memory_start_1M"))
                        : List.of(heap.goal(new Goal.AtMost(300)), rss, starts),
                List.of(Program.of(name, List.of(heap.name(), rss.name(), starts.name()), scale -> run(name, scale))
                        .repeated(Program.Repeats.ONCE)));
    }

    private static Result run(String row, Scale scale) throws Exception {
        var n = scale.work(COUNT);
        var node = Node.current();
        try (var crowd = new Crowd()) { // what starting one loads and compiles is not counted
            crowd.inProcess(() -> {
                for (var i = 0; i < Math.min(n, 20_000); i++) {
                    crowd.add(start());
                }
                return true;
            });
        }
        var pids = new Pid[n]; // before the first look at the heap: who refers to a server is not the server
        var others = node.processCount();
        var before = Footprint.now();
        long nanos;
        try (var crowd = new Crowd()) {
            nanos = crowd.inProcess(() -> {
                var begin = System.nanoTime();
                for (var i = 0; i < n; i++) {
                    pids[i] = start();
                }
                return System.nanoTime() - begin;
            });
        }
        var after = Footprint.now();
        var alive = node.processCount() - others;
        for (var pid : pids) {
            Proc.kill(pid);
        }
        return new Result(
                Map.of(
                        row + "_heap", after.heapSince(before) / n,
                        row + "_rss", after.residentSince(before) / n,
                        row + "_start_1M", Result.perSecond(n, nanos)),
                n,
                alive);
    }

    private static Pid start() {
        return GenServer.start(new Counter(0)).pid().orElseThrow();
    }
}
