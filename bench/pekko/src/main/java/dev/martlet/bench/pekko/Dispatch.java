package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.pubsub.Topic;

/** An event to 10,000 subscribers of a topic, and when all have it, the next. */
final class Dispatch {
    private static final String ROW = "registry_dispatch_10k";

    private Dispatch() {}

    private record Event(int round) {}

    static List<Program> programs() {
        return List.of(Program.of(ROW, Dispatch::run));
    }

    private static Result run(Scale scale) throws Exception {
        var members = scale.together(10_000);
        var rounds = scale.work(50);
        var received = new AtomicLong();
        var finish = new Finish<Long>();
        var others = Guardian.children();
        var topic = Guardian.ask(context -> context.spawnAnonymous(Topic.create(Object.class, "bench")));
        var result = run(topic, members, rounds, received, finish);
        Guardian.ask(context -> {
            context.stop(topic);
            return true;
        });
        Guardian.awaitChildren(others);
        return result;
    }

    private static Result run(
            ActorRef<Topic.Command<Object>> topic, int members, int rounds, AtomicLong received, Finish<Long> finish)
            throws Exception {
        try (var crew = new Crew()) {
            var subscribers = crew.actors(members, _ -> (message, _) -> {
                if (message instanceof Event(var round)) {
                    var count = received.incrementAndGet();
                    if (count == (long) members * rounds) {
                        finish.with(count);
                    } else if (count % members == 0) {
                        topic.tell(Topic.publish(new Event(round + 1)));
                    }
                }
            });
            subscribers.forEach(subscriber -> topic.tell(Topic.subscribe(subscriber)));
            Thread.sleep(500); // subscribing is not answered
            var start = System.nanoTime();
            topic.tell(Topic.publish(new Event(1)));
            var nanos = finish.nanosSince(start);
            return Result.rate(ROW, (long) members * rounds, nanos, finish.await());
        }
    }
}
