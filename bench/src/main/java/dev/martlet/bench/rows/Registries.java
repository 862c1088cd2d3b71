package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Receiver;
import dev.martlet.otp.Child;
import dev.martlet.otp.Registry;
import dev.martlet.otp.Supervisor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 10,000 registered processes: a million lookups, a million lookups with a message to who is found. Elixir's Registry is
 * an ETS table; Erlang's side here is the bare table, one {@code ets:lookup} and {@code is_process_alive}, which is less
 * than the Registry does and more than twice as fast.
 */
final class Registries {
    private static final int MEMBERS = 10_000;
    private static final int COUNT = 1_000_000;

    private Registries() {}

    private record Message(int number) {}

    static Group group() {
        return Group.of(
                "registry",
                List.of(Row.rate("registry_lookup", "lookups/s"), Row.rate("registry_lookup_send", "sends/s")),
                List.of(
                        Program.of("registry_lookup", Registries::lookups),
                        Program.of("registry_lookup_send", Registries::sends)));
    }

    private static Result lookups(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        var keys = scale.together(MEMBERS);
        try (var members = new Members(keys, n)) {
            return members.crowd.inProcess(() -> {
                var found = 0L;
                var start = System.nanoTime();
                for (var i = n; i > 0; i--) {
                    found += members.registry.whereis(i % keys).isPresent() ? 1 : 0;
                }
                return Result.rate("registry_lookup", n, System.nanoTime() - start, found);
            });
        }
    }

    private static Result sends(Scale scale) throws Exception {
        var n = scale.work(COUNT);
        var keys = scale.together(MEMBERS);
        try (var members = new Members(keys, n)) {
            var start = System.nanoTime();
            members.crowd.body(() -> {
                for (var i = n; i > 0; i--) {
                    var message = new Message(i);
                    members.registry.lookup(i % keys).ifPresent(ref -> ref.cast(message));
                }
            });
            var nanos = members.finish.nanosSince(start);
            return Result.rate("registry_lookup_send", n, nanos, members.finish.await());
        }
    }

    /** A registry and who is in it. They count what they get in a shared counter (Erlang: atomics). */
    private static final class Members implements AutoCloseable {
        private final Registry<Integer, Message> registry = Registry.unique("bench");
        private final Crowd crowd = new Crowd();
        private final Finish<Long> finish = new Finish<>();
        private final AtomicLong received = new AtomicLong();

        private Members(int count, long expected) throws Exception {
            crowd.add(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, Child.child(registry))
                    .start()
                    .pid());
            var ready = new ArrayList<Finish<Boolean>>();
            List<Pid> pids = crowd.servers(count, key -> {
                var done = new Finish<Boolean>();
                ready.add(done);
                return new Member(key, expected, done);
            });
            for (var each : ready) {
                if (!each.await()) {
                    throw new IllegalStateException("a key of " + pids.size() + " was taken");
                }
            }
        }

        private final class Member implements Receiver {
            private final int key;
            private final long expected;
            private final Finish<Boolean> registered;

            private Member(int key, long expected, Finish<Boolean> registered) {
                this.key = key;
                this.expected = expected;
                this.registered = registered;
            }

            @Override
            public void started() {
                registered.with(registry.register(key));
            }

            @Override
            public void receive(Object message) {
                var count = received.incrementAndGet();
                if (count == expected) {
                    finish.with(count);
                }
            }
        }

        @Override
        public void close() {
            crowd.close();
        }
    }
}
