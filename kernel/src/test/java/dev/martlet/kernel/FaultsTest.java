package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault cases of the kernel, by their number in the list of cases. */
class FaultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CARRIERS = Runtime.getRuntime().availableProcessors();

    private final Node node = Node.start(Node.Config.DEFAULT.name("faults"));
    private final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void stop() {
        stop.set(true);
        node.close();
    }

    private void countsTo(int goal) {
        var count = new AtomicInteger();
        var counter = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                if (count.incrementAndGet() < goal) {
                    Proc.sendAfter(Duration.ofMillis(1), Proc.self(), message);
                }
            }
        });
        Proc.send(counter, "tick");
        await().atMost(SOON).until(() -> count.get() == goal);
    }

    @Test
    void f02ErrorsAreCrashesOfTheOneProcess() {
        for (Error error : List.of(new StackOverflowError(), new AssertionError(), new NoClassDefFoundError("x"))) {
            var pid = node.spawn(Spawn.DEFAULT, (Receiver) message -> {
                throw error;
            });
            Proc.send(pid, "go");
            assertThat(Proc.awaitExit(pid, SOON)).contains(new ExitReason.Crashed(error));
        }
        countsTo(10);
    }

    @Test
    void f04BusyLoopsStarveNobodyAndAreNamed() {
        var named = new ConcurrentLinkedQueue<KernelEvent.Busy>();
        node.telemetry().attach(KernelEvent.Busy.class, named::add);
        var x = new AtomicLong();
        for (var i = 0; i < 2 * CARRIERS; i++) {
            var busy = node.spawn(Spawn.DEFAULT.label("busy " + i), (Receiver) message -> {
                while (!stop.get()) {
                    x.setPlain(x.getPlain() * 31 + 7);
                }
            });
            Proc.send(busy, "spin");
        }
        countsTo(100);
        await().atMost(SOON).until(() -> named.size() >= 2 * CARRIERS);
        assertThat(named).allSatisfy(event -> {
            assertThat(event.label()).startsWith("busy ");
            assertThat(event.handling()).contains("spin");
            assertThat(event.time()).isGreaterThan(Duration.ofMillis(50));
        });
        assertThat(named)
                .anySatisfy(event -> assertThat(event.stack())
                        .anySatisfy(frame -> assertThat(frame.getClassName()).contains("FaultsTest")));
        assertThat(node.counts().busy()).isGreaterThanOrEqualTo(2L * CARRIERS);
    }

    @Test
    void f04ABusyProcessThatIsDoneServesAgain() {
        var once = new AtomicBoolean();
        var busy = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                var until = System.nanoTime() + 50_000_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                once.set(true);
            }

            @Override
            public void request(Object message, Caller caller) {
                caller.reply(message);
            }
        });
        Proc.send(busy, "spin");
        for (var i = 0; i < 100; i++) {
            assertThat(Proc.call(busy, i, SOON)).isEqualTo(i);
        }
        assertThat(once).isTrue();
    }

    /** Blocks in its initializer, which pins the virtual thread that runs it. */
    private static final class PinnedOne {
        static final int VALUE = blocked();
    }

    private static final class PinnedTwo {
        static final int VALUE = blocked();
    }

    private static final class PinnedThree {
        static final int VALUE = blocked();
    }

    private static final class PinnedFour {
        static final int VALUE = blocked();
    }

    private static final CountDownLatch PINNED = new CountDownLatch(1);

    private static int blocked() {
        try {
            PINNED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    @Test
    void f05PinnedThreadsHoldNobodyUp() {
        var sum = new AtomicInteger();
        var pinned = List.<Proc.Body>of(
                        () -> sum.addAndGet(PinnedOne.VALUE),
                        () -> sum.addAndGet(PinnedTwo.VALUE),
                        () -> sum.addAndGet(PinnedThree.VALUE),
                        () -> sum.addAndGet(PinnedFour.VALUE))
                .stream()
                .map(body -> node.spawn(Spawn.DEFAULT, body))
                .toList();
        countsTo(100);
        PINNED.countDown();
        for (var pid : pinned) {
            assertThat(Proc.awaitExit(pid, SOON)).contains(ExitReason.NORMAL);
        }
        assertThat(sum.get()).isEqualTo(4);
    }

    @Test
    void f10AHundredThousandHearOfADeathOnce() {
        var star = node.spawn(Spawn.DEFAULT, (Receiver) message -> {});
        var heard = new AtomicInteger();
        var twice = new AtomicInteger();
        var ready = new CountDownLatch(100_000);
        for (var i = 0; i < 100_000; i++) {
            var linked = i % 2 == 0;
            node.spawn(Spawn.DEFAULT.trappingExits(), new Receiver() {
                private boolean told;

                @Override
                public void started() {
                    if (linked) {
                        Proc.link(star);
                    } else {
                        Proc.monitor(star);
                    }
                    ready.countDown();
                }

                @Override
                public void receive(Object message) {
                    (told ? twice : heard).incrementAndGet();
                    told = true;
                }
            });
        }
        await().atMost(SOON).until(() -> ready.getCount() == 0);
        Proc.kill(star);
        await().atMost(SOON).until(() -> heard.get() == 100_000);
        countsTo(10);
        assertThat(twice.get()).isZero();
    }

    @Test
    void f11LateRepliesAreCountedAndNoMailboxSeesThem() {
        var callers = new ConcurrentLinkedQueue<Caller>();
        var server = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) {
                caller.defer();
                callers.add(caller);
            }
        });
        var timeouts = new AtomicInteger();
        var waiting = IntStream.range(0, 2_000)
                .mapToObj(i -> node.spawn(Spawn.DEFAULT, () -> {
                    try {
                        Proc.call(server, i, Duration.ofMillis(5));
                    } catch (CallFailed.Timeout e) {
                        timeouts.incrementAndGet();
                    }
                    Proc.receive(Object.class);
                }))
                .toList();
        await().atMost(SOON).until(() -> timeouts.get() == 2_000);
        var delivered = callers.size();
        callers.forEach(caller -> caller.reply("too late"));
        assertThat(node.counts().lateReplies()).isEqualTo(delivered);
        assertThat(node.counts().lateReplies() + node.counts().expired()).isEqualTo(2_000);
        assertThat(waiting).allMatch(pid -> ((LocalProcess) pid).queueLength() == 0);
    }

    @Test
    void f12ACycleOfCallsIsNamedWhole() {
        for (var length : List.of(2, 3, 10)) {
            var ring = new ArrayList<Pid>();
            for (var i = 0; i < length; i++) {
                var next = i + 1;
                ring.add(node.spawn(Spawn.DEFAULT, new Receiver() {
                    @Override
                    public void receive(Object message) {}

                    @Override
                    public void request(Object message, Caller caller) {
                        try {
                            caller.reply(Proc.call(ring.get(next % ring.size()), message, SOON));
                        } catch (CallFailed.Cycle e) {
                            caller.reply(e);
                        }
                    }
                }));
            }
            var answer = Proc.call(ring.getFirst(), "round", SOON);
            assertThat(answer).isInstanceOf(CallFailed.Cycle.class);
            assertThat(((Throwable) answer).getMessage())
                    .contains(ring.stream().map(Pid::toString).toList());
        }
    }

    @Test
    void f14AFloodIsBoundedAndOver() {
        var handled = new AtomicInteger();
        var gate = new CountDownLatch(1);
        var flooded = node.spawn(
                Spawn.DEFAULT.mailbox(Mailbox.of(10_000).overflow(Overflow.DROP_OLDEST)), (Receiver) message -> {
                    gate.await();
                    handled.incrementAndGet();
                });
        for (var i = 0; i < 10_000_000; i++) {
            Proc.send(flooded, "flood");
        }
        assertThat(((LocalProcess) flooded).queueLength()).isLessThanOrEqualTo(20_000);
        gate.countDown();
        await().atMost(SOON).until(() -> ((LocalProcess) flooded).queueLength() == 0);
        var before = handled.get();
        Proc.send(flooded, "one more");
        await().atMost(SOON).until(() -> handled.get() == before + 1);
        assertThat(node.counts().overflowed() + handled.get()).isEqualTo(10_000_001);
    }

    @Test
    void f15AReceiveFindsItsMessageBehindAFullMailbox() {
        var found = new ConcurrentLinkedQueue<Object>();
        var picky = node.spawn(Spawn.DEFAULT.mailbox(Mailbox.of(50_000).overflow(Overflow.REJECT)), () -> {
            found.add(Proc.receive(String.class));
        });
        for (var i = 0; i < 1_000_000; i++) {
            Proc.send(picky, i);
        }
        assertThat(node.counts().overflowed()).isEqualTo(950_000);
        Proc.sendPriority(picky, "wanted");
        assertThat(Proc.awaitExit(picky, SOON)).contains(ExitReason.NORMAL);
        assertThat(found).containsExactly("wanted");
    }

    @Test
    void f17NoTimerIsEarlyOrLost() {
        var fired = new AtomicInteger();
        var early = new AtomicInteger();
        record Due(long at) {}
        var pid = node.spawn(Spawn.DEFAULT.mailbox(Mailbox.of(2_000_000)), (Receiver) message -> {
            if (message instanceof Due(var at)) {
                fired.incrementAndGet();
                if (node.nanos() < at) {
                    early.incrementAndGet();
                }
            }
        });
        var cancelled = 0;
        for (var i = 0; i < 1_000_000; i++) {
            var delay = Duration.ofMillis(1 + i % 500);
            var timer = Proc.sendAfter(delay, pid, new Due(node.nanos() + delay.toNanos() - 1_000_000));
            if (i % 2 == 0 && timer.cancel()) {
                cancelled++;
            }
        }
        var expected = 1_000_000 - cancelled;
        await().atMost(SOON).until(() -> fired.get() == expected);
        assertThat(early.get()).isZero();
        assertThat(node.timerCount()).isZero();
    }

    @Test
    void f21AKillIsCompleteThoughTheCodeSwallowsInterrupts() {
        var named = new ConcurrentLinkedQueue<KernelEvent.Stuck>();
        node.telemetry().attach(KernelEvent.Stuck.class, named::add);
        var gate = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        var stubborn = node.spawn(Spawn.DEFAULT.label("stubborn"), (Receiver) message -> {
            entered.countDown();
            for (var open = false; !open; ) {
                try {
                    gate.await();
                    open = true;
                } catch (InterruptedException e) {
                    // as if nothing had happened
                }
            }
        });
        Proc.send(stubborn, "block");
        await().atMost(SOON).until(() -> entered.getCount() == 0);
        Proc.kill(stubborn);
        assertThat(stubborn.isAlive()).isFalse();
        assertThat(Proc.awaitExit(stubborn, SOON)).contains(ExitReason.KILLED);
        await().atMost(SOON).until(() -> !named.isEmpty());
        assertThat(named.element().label()).isEqualTo("stubborn");
        assertThat(node.counts().stuck()).isEqualTo(1);
        gate.countDown();
        countsTo(10);
    }
}
