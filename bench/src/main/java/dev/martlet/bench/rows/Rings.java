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
import org.jspecify.annotations.Nullable;

/** A token goes round a ring of processes: 1000 of them, and the 503 of the Benchmarks Game's thread-ring. */
final class Rings {
    private Rings() {}

    private record Token(int hops) {}

    private record NextIs(Pid pid) {}

    static Group group() {
        return Group.of(
                "ring",
                List.of(Row.headline("ring_1000", "hops/s"), Row.headline("threadring_503", "hops/s")),
                List.of(
                        Program.of(
                                "ring_1000", scale -> run("ring_1000", scale.together(1_000), scale.work(1_000_000))),
                        Program.of(
                                "threadring_503",
                                scale -> run("threadring_503", scale.together(503), scale.work(2_000_000)))));
    }

    private static Result run(String row, int size, int hops) throws Exception {
        var finish = new Finish<Boolean>();
        try (var crowd = new Crowd()) {
            var members = new ArrayList<Member>();
            Pid first = null;
            Pid last = null;
            for (var i = 0; i < size; i++) {
                var member = new Member(first, finish);
                members.add(member);
                first = crowd.server(member);
                last = last == null ? first : last;
            }
            if (first == null || last == null) {
                throw new IllegalArgumentException("a ring has at least one member");
            }
            Proc.send(last, new NextIs(first));
            var start = System.nanoTime();
            Proc.send(first, new Token(hops));
            var nanos = finish.nanosSince(start);
            // The first token is the hop into the ring.
            return Result.rate(
                    row, hops, nanos, members.stream().mapToLong(m -> m.tokens).sum() - 1);
        }
    }

    private static final class Member implements Receiver {
        private @Nullable Pid next;
        private final Finish<Boolean> finish;
        private long tokens;

        private Member(@Nullable Pid next, Finish<Boolean> finish) {
            this.next = next;
            this.finish = finish;
        }

        @Override
        public void receive(Object message) {
            switch (message) {
                case Token(var hops)
                when next != null -> {
                    tokens++;
                    if (hops == 0) {
                        finish.with(true);
                    } else {
                        Proc.send(next, new Token(hops - 1));
                    }
                }
                case NextIs(var pid) -> next = pid;
                default -> throw new IllegalArgumentException("not for a ring: " + message);
            }
        }
    }
}
