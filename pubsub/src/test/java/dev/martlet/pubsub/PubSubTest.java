package dev.martlet.pubsub;

import static dev.martlet.otp.Child.child;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Overflow;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.Call;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.test.TestProc;
import dev.martlet.pubsub.spi.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class PubSubTest {
    record Posted(int n) {}

    private static final Topic<Posted> LOBBY = Topic.of("room:lobby", Posted.class);

    private final PubSub pubsub = PubSub.named("test");
    private TestProc test;

    @BeforeEach
    void start() {
        test = TestProc.open();
        test.start(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, child(pubsub)));
    }

    @AfterEach
    void stop() {
        test.close();
    }

    /** Keeps what it has heard, as messages of its own protocol. */
    record Listener(PubSub pubsub) implements GenServer<Listener.Msg, List<Integer>> {
        sealed interface Msg {
            record Heard(Posted posted) implements Msg {}

            record All() implements Msg, Call<Msg, List<Integer>> {}
        }

        @Override
        public List<Integer> init(Ref<Msg> self) {
            pubsub.subscribe(LOBBY, self, Msg.Heard::new);
            return List.of();
        }

        @Override
        public Next<List<Integer>> handle(Msg msg, List<Integer> heard) {
            return switch (msg) {
                case Msg.Heard(var posted) -> {
                    var more = new ArrayList<>(heard);
                    more.add(posted.n());
                    yield next(List.copyOf(more));
                }
                case Msg.All all -> reply(all, heard, heard);
            };
        }
    }

    @Test
    void aSubscriberHearsTheBroadcastsInItsOwnProtocol() {
        var listener = test.start(new Listener(pubsub));
        pubsub.broadcast(LOBBY, new Posted(1));
        pubsub.broadcast(LOBBY, new Posted(2));
        pubsub.broadcast(Topic.of("room:other", Posted.class), new Posted(3));
        assertThat(listener.call(new Listener.Msg.All())).containsExactly(1, 2);
    }

    @Test
    void aProcessHearsThemAsTheyAreUntilItUnsubscribes() {
        pubsub.subscribe(LOBBY);
        pubsub.broadcast(LOBBY, new Posted(1));
        assertThat(test.assertReceive(Posted.class)).isEqualTo(new Posted(1));
        pubsub.unsubscribe(LOBBY);
        pubsub.broadcast(LOBBY, new Posted(2));
        test.refuteReceive(Posted.class);
        assertThat(pubsub.count(LOBBY)).isZero();
    }

    @Test
    void subscribingTwiceIsHearingTwice() {
        pubsub.subscribe(LOBBY);
        pubsub.subscribe(LOBBY);
        pubsub.broadcast(LOBBY, new Posted(1));
        test.assertReceive(Posted.class);
        test.assertReceive(Posted.class);
        pubsub.unsubscribe(LOBBY);
        assertThat(pubsub.count(LOBBY)).isZero();
    }

    @Test
    void theSenderCanBeLeftOut() {
        var listener = test.start(new Listener(pubsub));
        pubsub.subscribe(LOBBY);
        pubsub.broadcastFrom(Proc.self(), LOBBY, new Posted(1));
        assertThat(listener.call(new Listener.Msg.All())).containsExactly(1);
        test.refuteReceive(Posted.class);
    }

    @Test
    void oneNameWithTwoTypesIsTwoTopics() {
        var other = Topic.of("room:lobby", String.class);
        pubsub.subscribe(LOBBY);
        pubsub.broadcast(other, "hi");
        pubsub.broadcast(LOBBY, new Posted(1));
        test.assertReceive(Posted.class);
        test.refuteReceive(String.class);
    }

    @Test
    void aSubscriptionEndsWithItsProcess() {
        var listener = test.start(new Listener(pubsub));
        assertThat(pubsub.count(LOBBY)).isEqualTo(1);
        test.crash(listener);
        test.await("the subscription to end", () -> pubsub.count(LOBBY) == 0);
    }

    @Test
    void aSubscriptionForADeadProcessEndsToo() {
        var dead = Proc.spawn(() -> {});
        test.await("it to end", () -> !dead.isAlive());
        pubsub.subscribe(LOBBY, Ref.<Object>of(dead), posted -> posted);
        test.await("the subscription to end", () -> pubsub.count(LOBBY) == 0);
    }

    @Test
    void subscriptionsOutliveTheProcessOfThePubSub() {
        try (var other = new Tree()) {
            var listener = test.start(new Listener(other.pubsub));
            other.crash();
            other.pubsub.broadcast(LOBBY, new Posted(1));
            assertThat(listener.call(new Listener.Msg.All())).containsExactly(1);
            test.crash(listener);
            test.await("the new process to see the death", () -> other.pubsub.count(LOBBY) == 0);
        }
    }

    /** A PubSub whose process the test knows. */
    private final class Tree implements AutoCloseable {
        final PubSub pubsub = PubSub.named("other");
        private volatile Pid process;

        Tree() {
            process = startAgain();
        }

        private Pid startAgain() {
            try {
                return pubsub.child().start().start(Spawn.DEFAULT);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void crash() {
            var before = process;
            Proc.exit(before, new ExitReason.Other("crash"));
            test.await("it to end", () -> !before.isAlive());
            assertThatThrownBy(() -> pubsub.subscribe(LOBBY)).hasMessageContaining("child(pubsub)");
            process = startAgain();
        }

        @Override
        public void close() {
            Proc.kill(process);
        }
    }

    @Test
    void onePubSubThatDoesNotRunSaysSo() {
        assertThatThrownBy(() -> PubSub.named("idle").subscribe(LOBBY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PubSub idle does not run");
        assertThatThrownBy(() -> pubsub.subscribe(LOBBY, Ref.named("nobody", Object.class), posted -> posted))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void aFullSubscriberLosesAndNobodyWaits() throws Exception {
        var dropped = new LinkedBlockingQueue<PubSubEvent.Dropped>();
        var go = new CountDownLatch(1);
        try (var _ = test.node().telemetry().attach(PubSubEvent.Dropped.class, dropped::add)) {
            var slow = test.node().spawn(Spawn.DEFAULT.mailbox(2, Overflow.BLOCK), () -> {
                go.await();
                Proc.receive(_ -> null);
            });
            pubsub.subscribe(LOBBY, Ref.<Object>of(slow), posted -> posted);
            pubsub.subscribe(LOBBY);
            for (var i = 0; i < 5; i++) {
                pubsub.broadcast(LOBBY, new Posted(i));
            }
            for (var i = 0; i < 5; i++) {
                assertThat(test.assertReceive(Posted.class)).isEqualTo(new Posted(i));
            }
            assertThat(dropped).hasSize(3).allMatch(event -> event.subscriber() == slow);
            Proc.kill(slow);
        }
    }

    @Test
    void aMapperThatThrowsHurtsNobodyElse() throws Exception {
        var failed = new LinkedBlockingQueue<PubSubEvent.MapperFailed>();
        try (var _ = test.node().telemetry().attach(PubSubEvent.MapperFailed.class, failed::add)) {
            pubsub.<Posted, Object>subscribe(LOBBY, Ref.of(Proc.self()), _ -> {
                throw new IllegalStateException("in the mapper");
            });
            pubsub.subscribe(LOBBY);
            pubsub.broadcast(LOBBY, new Posted(1));
            test.assertReceive(Posted.class);
            assertThat(failed.poll(5, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void eachSinkIsCalledOnceForABroadcast() {
        var first = new ArrayList<Posted>();
        var second = new ArrayList<Posted>();
        Sink<Posted> one = (event, _) -> first.add(event);
        Sink<Posted> two = (event, from) -> {
            if (from == null) {
                second.add(event);
            }
        };
        pubsub.attach(LOBBY, one);
        pubsub.attach(LOBBY, two);
        pubsub.broadcast(LOBBY, new Posted(1));
        pubsub.broadcastFrom(Proc.self(), LOBBY, new Posted(2));
        pubsub.detach(LOBBY, one);
        pubsub.broadcast(LOBBY, new Posted(3));
        pubsub.detach(LOBBY, two);
        assertThat(first).containsExactly(new Posted(1), new Posted(2));
        assertThat(second).containsExactly(new Posted(1), new Posted(3));
        assertThat(pubsub.count(LOBBY)).isZero();
    }

    @Test
    void broadcastsOfOneProcessArriveInOrderWhileOthersComeAndGo() {
        pubsub.subscribe(LOBBY);
        var restless = new ArrayList<Pid>();
        for (var i = 0; i < 4; i++) {
            restless.add(Proc.spawn(() -> {
                while (true) {
                    pubsub.subscribe(LOBBY);
                    pubsub.unsubscribe(LOBBY);
                }
            }));
        }
        Proc.spawn(() -> {
            for (var i = 0; i < 10_000; i++) {
                pubsub.broadcast(LOBBY, new Posted(i));
            }
        });
        for (var i = 0; i < 10_000; i++) {
            assertThat(test.assertReceive(Posted.class)).isEqualTo(new Posted(i));
        }
        restless.forEach(Proc::kill);
        test.await("the others to be forgotten", () -> pubsub.count(LOBBY) == 1);
    }
}
