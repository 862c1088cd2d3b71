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

/** One process sends to 10,000, each acknowledges, and when all have, the next round begins: 100 rounds. */
final class FanOut {
    private FanOut() {}

    private record Message(int round, Pid from) {}

    private enum Ack {
        ACK
    }

    static Group group() {
        return Group.of(
                "fanout", List.of(Row.headline("fanout", "deliveries/s")), List.of(Program.of("fanout", FanOut::run)));
    }

    private static Result run(Scale scale) throws Exception {
        var subscribers = scale.together(10_000);
        var rounds = scale.work(100);
        var finish = new Finish<Long>();
        try (var crowd = new Crowd()) {
            var to = crowd.servers(subscribers, _ -> new Subscriber());
            var publisher = crowd.server(new Publisher(to, rounds, finish));
            var start = System.nanoTime();
            Proc.send(publisher, Go.GO);
            var nanos = finish.nanosSince(start);
            return Result.rate("fanout", (long) subscribers * rounds, nanos, finish.await());
        }
    }

    private static final class Subscriber implements Receiver {
        @Override
        public void receive(Object message) {
            if (message instanceof Message(var _, var from)) {
                Proc.send(from, Ack.ACK);
            }
        }
    }

    private static final class Publisher implements Receiver {
        private final List<Pid> subscribers;
        private final int rounds;
        private final Finish<Long> finish;
        private int round;
        private long acks;

        private Publisher(List<Pid> subscribers, int rounds, Finish<Long> finish) {
            this.subscribers = subscribers;
            this.rounds = rounds;
            this.finish = finish;
        }

        @Override
        public void receive(Object message) {
            if (message == Ack.ACK && ++acks < (long) round * subscribers.size()) {
                return;
            }
            if (round == rounds) {
                finish.with(acks);
                return;
            }
            round++;
            var event = new Message(round, Proc.self());
            for (var subscriber : subscribers) {
                Proc.send(subscriber, event);
            }
        }
    }
}
