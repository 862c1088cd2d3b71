package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import dev.martlet.kernel.Receiver;
import dev.martlet.otp.Child;
import dev.martlet.otp.Supervisor;
import dev.martlet.pubsub.PubSub;
import dev.martlet.pubsub.Topic;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An event to 10,000 members of a group, and when all have it, the next: 50 rounds. Erlang's side asks {@code pg} for the
 * members and sends to each; Martlet's broadcasts on a topic. The members count in a shared counter (Erlang: atomics).
 */
final class Dispatch {
    private static final String ROW = "registry_dispatch_10k";

    private Dispatch() {}

    private record Event(int round) {}

    static Group group() {
        return Group.of("dispatch", List.of(Row.rate(ROW, "deliveries/s")), List.of(Program.of(ROW, Dispatch::run)));
    }

    private static Result run(Scale scale) throws Exception {
        var members = scale.together(10_000);
        var rounds = scale.work(50);
        var topic = Topic.of("bench", Event.class);
        var pubsub = PubSub.named("bench");
        var received = new AtomicLong();
        var joined = new AtomicLong();
        var ready = new Finish<Boolean>();
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            crowd.add(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, Child.child(pubsub))
                    .start()
                    .pid());
            var member = new Member(pubsub, topic, members, rounds, joined, ready, received, finish);
            crowd.servers(members, _ -> member);
            ready.await();
            var start = System.nanoTime();
            pubsub.broadcast(topic, new Event(1));
            var nanos = finish.nanosSince(start);
            return Result.rate(ROW, (long) members * rounds, nanos, finish.await());
        }
    }

    /** The one who gets the last event of a round sends the next. */
    private record Member(
            PubSub pubsub,
            Topic<Event> topic,
            long members,
            int rounds,
            AtomicLong joined,
            Finish<Boolean> ready,
            AtomicLong received,
            Finish<Long> finish)
            implements Receiver {
        @Override
        public void started() {
            pubsub.subscribe(topic);
            if (joined.incrementAndGet() == members) {
                ready.with(true);
            }
        }

        @Override
        public void receive(Object message) {
            var count = received.incrementAndGet();
            if (count == members * rounds) {
                finish.with(count);
            } else if (count % members == 0) {
                pubsub.broadcast(topic, new Event((int) (count / members) + 1));
            }
        }
    }
}
