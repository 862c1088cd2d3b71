package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a node refuses when it holds as much as it may, and that it takes more again when something has gone. */
class LimitsTest {
    private static final Receiver IDLE = message -> {};

    private static Node node(NodeLimits limits) {
        return Node.start(Node.Config.DEFAULT.name("small").withVirtualTime().limits(_ -> limits));
    }

    private static Limit limit(Node node, String name) {
        return node.limits().stream()
                .filter(limit -> limit.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aProcessTooManyIsRefusedByNameAndThereIsRoomAgainWhenOneHasEnded() {
        try (var node = node(NodeLimits.DEFAULT.maxProcesses(10))) {
            var events = new ArrayList<KernelEvent.LimitHit>();
            try (var _ = node.telemetry().attach(KernelEvent.LimitHit.class, events::add)) {
                var pids = new ArrayList<Pid>();
                for (var i = 0; i < 10; i++) {
                    pids.add(node.spawn(Spawn.DEFAULT, IDLE));
                }
                assertThatThrownBy(() -> node.spawn(Spawn.DEFAULT, IDLE))
                        .isInstanceOf(LimitReached.class)
                        .hasMessage(
                                "node small has 10 processes, and maxProcesses allows 10. Let go of some, or raise it:"
                                        + " Node.Config.limits(l -> l.maxProcesses(…))");
                assertThatThrownBy(() -> node.spawn(Spawn.DEFAULT, () -> {})).isInstanceOf(LimitReached.class);
                assertThatThrownBy(() -> node.attach(Spawn.DEFAULT)).isInstanceOf(LimitReached.class);
                assertThat(limit(node, "maxProcesses")).isEqualTo(new Limit("maxProcesses", 10, 10, 10));
                assertThat(node.counts().limitsHit()).isEqualTo(3);
                assertThat(events).hasSize(1);

                Proc.kill(pids.removeLast());
                pids.add(node.spawn(Spawn.DEFAULT, IDLE));
                pids.forEach(Proc::kill);
                assertThat(limit(node, "maxProcesses")).isEqualTo(new Limit("maxProcesses", 10, 0, 10));
            }
        }
    }

    @Test
    void manyThreadsShareTheRoomToTheLastPlace() throws Exception {
        var most = 5_000;
        try (var node = node(NodeLimits.DEFAULT.maxProcesses(most))) {
            for (var round = 0; round < 3; round++) {
                var started = new ConcurrentLinkedQueue<Pid>();
                var refused = new AtomicInteger();
                var threads = new ArrayList<Thread>();
                var go = new CountDownLatch(1);
                for (var t = 0; t < 20; t++) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            go.await();
                            for (var i = 0; i < 300; i++) {
                                started.add(node.spawn(Spawn.DEFAULT, IDLE));
                            }
                        } catch (LimitReached e) {
                            refused.incrementAndGet();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }));
                }
                go.countDown();
                for (var thread : threads) {
                    thread.join();
                }
                // 6,000 wanted to start; those refused may have given up while others gave room back.
                while (started.size() < most) {
                    started.add(node.spawn(Spawn.DEFAULT, IDLE));
                }
                assertThat(refused.get()).isPositive();
                assertThat(node.processCount()).isEqualTo(most);
                assertThatThrownBy(() -> node.spawn(Spawn.DEFAULT, IDLE)).isInstanceOf(LimitReached.class);
                started.forEach(Proc::kill);
                assertThat(node.processCount()).isZero();
            }
        }
    }

    @Test
    void timersAndNamesHaveTheirLimits() {
        try (var node = node(NodeLimits.DEFAULT.maxTimers(3).maxNames(2));
                var self = node.attach(Spawn.DEFAULT.named("one"))) {
            var timers = new ArrayList<Timer>();
            for (var i = 0; i < 3; i++) {
                timers.add(Proc.sendAfter(Duration.ofSeconds(1), self.pid(), i));
            }
            assertThatThrownBy(() -> Proc.sendAfter(Duration.ofSeconds(1), self.pid(), 3))
                    .isInstanceOf(LimitReached.class)
                    .hasMessageContaining("3 pending timers");
            assertThat(timers.removeFirst().cancel()).isTrue();
            Proc.sendAfter(Duration.ofSeconds(1), self.pid(), "in its place");
            node.advance(Duration.ofSeconds(1));
            Proc.sendAfter(Duration.ofSeconds(1), self.pid(), "room again");
            assertThat(limit(node, "maxTimers")).isEqualTo(new Limit("maxTimers", 3, 1, 3));

            node.register("two", self.pid());
            assertThatThrownBy(() -> node.register("three", self.pid()))
                    .isInstanceOf(LimitReached.class)
                    .extracting(e -> ((LimitReached) e).limit().name())
                    .isEqualTo("maxNames");
            node.unregister("two");
            node.register("three", self.pid());
            assertThat(limit(node, "maxNames")).isEqualTo(new Limit("maxNames", 2, 2, 2));
        }
    }

    @Test
    void waitsOfTheKernelNeedNoRoomForTimers() {
        try (var node = Node.start(Node.Config.DEFAULT.name("waits").limits(limits -> limits.maxTimers(1)))) {
            var pids = new ArrayList<Pid>();
            for (var i = 0; i < 20; i++) {
                pids.add(node.spawn(Spawn.DEFAULT, () -> Proc.receive(Duration.ofMillis(20), m -> m)));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> pids.stream().noneMatch(Pid::isAlive));
        }
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        for (var wrong : List.of(0, -1, Integer.MAX_VALUE)) {
            assertThatThrownBy(() -> NodeLimits.DEFAULT.maxProcesses(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maxProcesses: allowed is 1 to 16777216; got: " + wrong);
        }
    }

    @Test
    void aSpawnThatFailsGivesItsRoomBack() {
        try (var node = node(NodeLimits.DEFAULT.maxProcesses(2))) {
            node.spawn(Spawn.DEFAULT.named("taken"), IDLE);
            for (var i = 0; i < 100; i++) {
                assertThatThrownBy(() -> node.spawn(Spawn.DEFAULT.named("taken"), IDLE))
                        .isInstanceOf(NameTaken.class);
            }
            node.spawn(Spawn.DEFAULT, IDLE);
            assertThat(node.processCount()).isEqualTo(2);
        }
    }
}
