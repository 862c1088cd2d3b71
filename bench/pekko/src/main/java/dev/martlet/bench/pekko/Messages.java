package dev.martlet.bench.pekko;

import dev.martlet.bench.harness.Finish;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Result;
import dev.martlet.bench.harness.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Spawning and messages. A request and its answer are the actor's own way; {@link Asks} has Pekko's {@code ask}. */
final class Messages {
    private static final Object PONG = new Object();
    private static final Object ACK = new Object();

    private Messages() {}

    record Ping(ActorRef<Object> from) {}

    private record Ask(ActorRef<Object> from) {}

    private record Answer(long count) {}

    private record Message(int number) {}

    private record Event(int round, ActorRef<Object> from) {}

    static List<Program> programs() {
        return List.of(
                Program.of("spawn_exit", Messages::spawnExit),
                Program.of("spawn_done", Messages::spawnDone),
                Program.of("pingpong", Messages::pingPong),
                Program.of("reply_1", scale -> replies("reply_1", 1, 1, scale.work(1_000_000))),
                Program.of("reply_100", scale -> replies("reply_100", scale.together(100), 1, scale.work(30_000))),
                Program.of("reply_1000", scale -> replies("reply_1000", scale.together(1_000), 1, scale.work(3_000))),
                Program.of("reply_1000_own", scale -> {
                    var both = scale.together(1_000);
                    return replies("reply_1000_own", both, both, scale.work(3_000));
                }),
                Program.of("fanin_2", scale -> fanIn("fanin_2", 2, scale)),
                Program.of("fanin_16", scale -> fanIn("fanin_16", 16, scale)),
                Program.of("fanin_1000", scale -> fanIn("fanin_1000", scale.together(1_000), scale)),
                Program.of("fanout", Messages::fanOut),
                Program.of("ring_1000", scale -> ring("ring_1000", scale.together(1_000), scale.work(1_000_000))),
                Program.of(
                        "threadring_503", scale -> ring("threadring_503", scale.together(503), scale.work(2_000_000))));
    }

    private static Result spawnExit(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        var ran = new AtomicLong();
        var finish = new Finish<Long>();
        var others = Guardian.children();
        var start = System.nanoTime();
        Guardian.spawn(n, Behaviors.setup(_ -> {
            var count = ran.incrementAndGet();
            if (count == n) {
                finish.with(count);
            }
            return Behaviors.stopped();
        }));
        var nanos = finish.nanosSince(start);
        Guardian.awaitChildren(others);
        return Result.rate("spawn_exit", n, nanos, finish.await());
    }

    private static Result spawnDone(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        var finish = new Finish<Long>();
        try (var crew = new Crew()) {
            var counter = crew.actor(counting(n, finish));
            var start = System.nanoTime();
            Guardian.spawn(n, Behaviors.setup(_ -> {
                counter.tell(ACK);
                return Behaviors.stopped();
            }));
            var nanos = finish.nanosSince(start);
            return Result.rate("spawn_done", n, nanos, finish.await());
        }
    }

    /** Ends the run when it has got so many messages. */
    static Crew.Handler counting(long expected, Finish<Long> finish) {
        var count = new long[1];
        return (_, _) -> {
            if (++count[0] == expected) {
                finish.with(count[0]);
            }
        };
    }

    private static Result pingPong(Scale scale) throws Exception {
        var n = scale.work(1_000_000);
        var finish = new Finish<Boolean>();
        var pings = new long[1];
        var left = new int[] {n};
        try (var crew = new Crew()) {
            var pong = crew.actor((message, _) -> {
                if (message instanceof Ping(var from)) {
                    pings[0]++;
                    from.tell(PONG);
                }
            });
            var ping = crew.actor((_, context) -> {
                if (left[0]-- == 0) {
                    finish.with(true);
                } else {
                    pong.tell(new Ping(context.getSelf()));
                }
            });
            var start = System.nanoTime();
            ping.tell(PONG);
            return Result.rate("pingpong", n, finish.nanosSince(start), pings[0]);
        }
    }

    static Crew.Handler ponger() {
        return (message, _) -> {
            if (message instanceof Ping(var from)) {
                from.tell(PONG);
            }
        };
    }

    private static Result replies(String row, int clients, int servers, int requests) throws Exception {
        var finish = new Finish<Boolean>();
        var left = new AtomicInteger(clients);
        var answered = new long[servers];
        try (var crew = new Crew()) {
            var to = crew.actors(servers, i -> (message, _) -> {
                if (message instanceof Ask(var from)) {
                    from.tell(new Answer(answered[i]++));
                }
            });
            var asking = crew.actors(clients, i -> {
                var server = to.get(i % servers);
                var more = new int[] {requests};
                return (_, context) -> {
                    if (more[0]-- > 0) {
                        server.tell(new Ask(context.getSelf()));
                    } else if (left.decrementAndGet() == 0) {
                        finish.with(true);
                    }
                };
            });
            var start = System.nanoTime();
            asking.forEach(client -> client.tell(Crew.GO));
            var nanos = finish.nanosSince(start);
            var sum = 0L;
            for (var count : answered) {
                sum += count;
            }
            return Result.rate(row, (long) clients * requests, nanos, sum);
        }
    }

    private static Result fanIn(String row, int senders, Scale scale) throws Exception {
        var each = Math.max(1, scale.work(5_000_000) / senders);
        var total = (long) each * senders;
        var finish = new Finish<Long>();
        try (var crew = new Crew()) {
            var receiver = crew.actor(counting(total, finish));
            var sending = crew.actors(senders, _ -> (_, _) -> {
                for (var i = each; i > 0; i--) {
                    receiver.tell(new Message(i));
                }
            });
            var start = System.nanoTime();
            sending.forEach(sender -> sender.tell(Crew.GO));
            var nanos = finish.nanosSince(start);
            return Result.rate(row, total, nanos, finish.await());
        }
    }

    private static Result fanOut(Scale scale) throws Exception {
        var subscribers = scale.together(10_000);
        var rounds = scale.work(100);
        var finish = new Finish<Long>();
        var acks = new long[1];
        var round = new int[1];
        try (var crew = new Crew()) {
            var to = crew.actors(subscribers, _ -> (message, _) -> {
                if (message instanceof Event(var _, var from)) {
                    from.tell(ACK);
                }
            });
            var publisher = crew.actor((message, context) -> {
                if (message == ACK && ++acks[0] < (long) round[0] * subscribers) {
                    return;
                }
                if (round[0] == rounds) {
                    finish.with(acks[0]);
                    return;
                }
                round[0]++;
                var event = new Event(round[0], context.getSelf());
                for (var subscriber : to) {
                    subscriber.tell(event);
                }
            });
            var start = System.nanoTime();
            publisher.tell(Crew.GO);
            var nanos = finish.nanosSince(start);
            return Result.rate("fanout", (long) subscribers * rounds, nanos, finish.await());
        }
    }

    private static Result ring(String row, int size, int hops) throws Exception {
        var finish = new Finish<Boolean>();
        var members = new ArrayList<ActorRef<Object>>();
        var tokens = new long[size];
        try (var crew = new Crew()) {
            members.addAll(crew.actors(size, i -> (message, _) -> {
                if (message instanceof Message(var left)) {
                    tokens[i]++;
                    if (left == 0) {
                        finish.with(true);
                    } else {
                        members.get((i + 1) % size).tell(new Message(left - 1));
                    }
                }
            }));
            var start = System.nanoTime();
            members.getFirst().tell(new Message(hops));
            var nanos = finish.nanosSince(start);
            var sum = -1L; // the first token is the hop into the ring
            for (var count : tokens) {
                sum += count;
            }
            return Result.rate(row, hops, nanos, sum);
        }
    }
}
