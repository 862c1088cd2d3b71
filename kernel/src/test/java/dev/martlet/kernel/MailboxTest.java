package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits, what is dropped, what is said about it. */
class MailboxTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private Node node = Node.start(Node.Config.DEFAULT.name("test"));

    @AfterEach
    void stop() {
        node.close();
    }

    /** Waits at a gate with its first message, then remembers what comes. */
    private static final class Slow implements Receiver {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch gate = new CountDownLatch(1);
        final ConcurrentLinkedQueue<Object> got = new ConcurrentLinkedQueue<>();

        @Override
        public void receive(Object message) throws Exception {
            if (message.equals("gate")) {
                entered.countDown();
                gate.await();
            } else {
                got.add(message);
            }
        }

        @Override
        public void request(Object message, Caller caller) {
            caller.reply(message);
        }
    }

    private Pid atTheGate(Mailbox mailbox, Slow slow) throws Exception {
        var pid = node.spawn(Spawn.DEFAULT.label("slow").mailbox(mailbox), slow);
        Proc.send(pid, "gate");
        slow.entered.await();
        return pid;
    }

    private static void sendNumbers(Pid to, int count) {
        IntStream.range(0, count).forEach(i -> Proc.send(to, i));
    }

    @Test
    void theOldestMakeRoom() throws Exception {
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(100).overflow(Overflow.DROP_OLDEST), slow);
        sendNumbers(pid, 10_000);
        slow.gate.countDown();
        await().until(() -> slow.got.contains(9_999));
        assertThat(slow.got).hasSizeLessThanOrEqualTo(100).hasSizeGreaterThan(80);
        assertThat(List.copyOf(slow.got))
                .isEqualTo(IntStream.range(10_000 - slow.got.size(), 10_000)
                        .boxed()
                        .toList());
        assertThat(node.counts().overflowed()).isEqualTo(10_000 - slow.got.size());
    }

    @Test
    void aRequestAmongTheOldestFails() throws Exception {
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(10).overflow(Overflow.DROP_OLDEST), slow);
        var failure = new ArrayList<Throwable>();
        var caller = node.spawn(Spawn.DEFAULT, () -> {
            try {
                Proc.call(pid, "request", SOON);
            } catch (CallFailed e) {
                failure.add(e);
            }
        });
        await().until(() -> ((LocalProcess) pid).queueLength() == 1);
        sendNumbers(pid, 100);
        assertThat(Proc.awaitExit(caller, SOON)).contains(ExitReason.NORMAL);
        assertThat(failure.getFirst()).isInstanceOf(CallFailed.Overloaded.class).hasMessageContaining("oldest");
        slow.gate.countDown();
    }

    @Test
    void theFullMailboxAdmitsSignalsAndPriorityMessages() throws Exception {
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(10).overflow(Overflow.REJECT), slow);
        sendNumbers(pid, 100);
        Proc.sendPriority(pid, "urgent");
        ((LocalProcess) pid).post(new Letter("signal", Letter.SIGNAL));
        assertThat(node.counts().overflowed()).isEqualTo(90);
        assertThatThrownBy(() -> Proc.call(pid, "request", SOON))
                .isInstanceOf(CallFailed.Overloaded.class)
                .hasMessageContaining("slow #Pid<")
                .hasMessageContaining("full (12 messages)");
        slow.gate.countDown();
        await().until(() -> slow.got.contains("signal"));
        assertThat(slow.got).first().isEqualTo("urgent");
    }

    @Test
    void aNewerMessageTakesThePlaceOfAWaitingOneWithItsKey() throws Exception {
        record Price(String symbol, int value) {}
        var slow = new Slow();
        var mailbox = Mailbox.of(1_000).conflate(m -> m instanceof Price p ? p.symbol() : null);
        var pid = atTheGate(mailbox, slow);
        for (var i = 0; i < 100; i++) {
            Proc.send(pid, new Price("a", i));
            Proc.send(pid, new Price("b", i));
        }
        Proc.send(pid, "end");
        slow.gate.countDown();
        await().until(() -> slow.got.contains("end"));
        assertThat(slow.got).containsExactly(new Price("a", 99), new Price("b", 99), "end");
        assertThat(node.counts().conflated()).isEqualTo(198);
        Proc.send(pid, new Price("a", 100));
        await().until(() -> slow.got.contains(new Price("a", 100)));
    }

    @Test
    void conflationWorksWithSelectiveReceiveToo() throws Exception {
        var got = new ConcurrentLinkedQueue<String>();
        var begin = new CountDownLatch(1);
        var mailbox = Mailbox.of(10).conflate(m -> ((String) m).substring(0, 1));
        var pid = node.spawn(Spawn.DEFAULT.mailbox(mailbox), () -> {
            begin.await();
            for (var i = 0; i < 3; i++) {
                got.add(Proc.receive(m -> ((String) m).startsWith("b") || !got.isEmpty() ? (String) m : null));
            }
        });
        for (var message : List.of("a1", "b1", "a2", "b2", "c1")) {
            Proc.send(pid, message);
        }
        begin.countDown();
        assertThat(Proc.awaitExit(pid, SOON)).contains(ExitReason.NORMAL);
        assertThat(got).containsExactly("b2", "a2", "c1");
    }

    @Test
    void bytesAreLimitedToo() throws Exception {
        var slow = new Slow();
        var mailbox = Mailbox.of(1_000).overflow(Overflow.REJECT).bytes(100, m -> ((String) m).length());
        var pid = node.spawn(Spawn.DEFAULT.mailbox(mailbox), slow);
        Proc.send(pid, "gate");
        slow.entered.await();
        for (var i = 0; i < 20; i++) {
            Proc.send(pid, "x".repeat(30));
        }
        assertThat(node.counts().overflowed()).isEqualTo(17);
        slow.gate.countDown();
        await().until(() -> slow.got.size() == 3);
        Proc.send(pid, "there is room again");
        await().until(() -> slow.got.size() == 4);
    }

    @Test
    void whatWaitedTooLongIsDropped() throws Exception {
        node.close();
        node = Node.start(Node.Config.DEFAULT.withVirtualTime());
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(10).dropOlderThan(Duration.ofSeconds(2)), slow);
        Proc.send(pid, "old");
        node.advance(Duration.ofSeconds(1));
        Proc.send(pid, "young");
        node.advance(Duration.ofMillis(1_500));
        slow.gate.countDown();
        await().until(() -> slow.got.contains("young"));
        assertThat(slow.got).containsExactly("young");
        assertThat(node.counts().tooOld()).isEqualTo(1);
    }

    @Test
    void whatMissedItsDeadlineIsNotHandled() throws Exception {
        node.close();
        node = Node.start(Node.Config.DEFAULT.withVirtualTime());
        var slow = new Slow();
        var pid = atTheGate(Mailbox.DEFAULT, slow);
        var now = node.nanos();
        Proc.send(pid, "late", new Deadline(now + 1_000));
        Proc.send(pid, "in time", new Deadline(now + 1_000_000_000));
        node.advance(Duration.ofMillis(1));
        slow.gate.countDown();
        await().until(() -> slow.got.contains("in time"));
        assertThat(slow.got).containsExactly("in time");
        assertThat(node.counts().expired()).isEqualTo(1);
    }

    @Test
    void aRequestWhoseCallerHasGivenUpIsNotHandled() throws Exception {
        var slow = new Slow();
        var pid = atTheGate(Mailbox.DEFAULT, slow);
        assertThatThrownBy(() -> Proc.call(pid, "unwanted", Duration.ofMillis(1)))
                .isInstanceOf(CallFailed.Timeout.class);
        Proc.send(pid, "end");
        slow.gate.countDown();
        await().until(() -> slow.got.contains("end"));
        assertThat(node.counts().expired()).isEqualTo(1);
        assertThat(node.counts().lateReplies()).isZero();
    }

    @Test
    void aTimeoutTellsWhatTheServerIsDoing() throws Exception {
        node.close();
        node = Node.start(Node.Config.DEFAULT.withVirtualTime());
        var slow = new Slow();
        var pid = atTheGate(Mailbox.DEFAULT, slow);
        sendNumbers(pid, 1_204);
        var failure = new ConcurrentLinkedQueue<String>();
        var caller = node.spawn(Spawn.DEFAULT, () -> {
            try {
                Proc.call(pid, "Take[n=3]", Duration.ofSeconds(5));
            } catch (CallFailed.Timeout e) {
                failure.add(e.getMessage());
            }
        });
        await().until(() -> ((LocalProcess) pid).queueLength() == 1_205);
        await().until(() -> {
            node.advance(Duration.ofMillis(7_200));
            return !caller.isAlive();
        });
        assertThat(failure.peek())
                .contains("call to slow " + pid + " timed out after 5 s")
                .contains("message: Take[n=3]")
                .containsPattern(
                        "server:  alive, 1,205 messages waiting, the oldest for \\d+\\.\\d s, inside handle\\(gate\\) for \\d");
        slow.gate.countDown();
    }

    @Test
    void fiftyThousandSendersWaitForRoomAndAllGetIn() {
        var senders = 50_000;
        var handled = new AtomicInteger();
        var counter =
                node.spawn(Spawn.DEFAULT.mailbox(Mailbox.of(100)), (Receiver) message -> handled.incrementAndGet());
        for (var i = 0; i < senders; i++) {
            node.spawn(Spawn.DEFAULT, () -> Proc.send(counter, "one"));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> handled.get() == senders);
        assertThat(node.counts().overflowed()).isZero();
    }

    @Test
    void aWaitingSenderThatIsKilledPassesItsTurnOn() throws Exception {
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(1), slow);
        Proc.send(pid, "first");
        var senders = IntStream.range(0, 100)
                .mapToObj(i -> node.spawn(Spawn.DEFAULT, () -> Proc.send(pid, i)))
                .toList();
        for (var i = 0; i < 100; i += 2) {
            Proc.kill(senders.get(i));
        }
        slow.gate.countDown();
        for (var i = 1; i < 100; i += 2) {
            assertThat(Proc.awaitExit(senders.get(i), SOON)).contains(ExitReason.NORMAL);
        }
        await().until(() -> slow.got.size() >= 51);
    }

    @Test
    void aCallThatWaitsForRoomKeepsToItsTimeout() throws Exception {
        node.close();
        node = Node.start(Node.Config.DEFAULT.maxBlock(Duration.ofHours(1)).withVirtualTime());
        var slow = new Slow();
        var pid = atTheGate(Mailbox.of(1), slow);
        Proc.send(pid, "first");
        var failure = new ConcurrentLinkedQueue<Throwable>();
        var begin = node.nanos();
        var caller = node.spawn(Spawn.DEFAULT, () -> {
            try {
                Proc.call(pid, "second", Duration.ofSeconds(3));
            } catch (CallFailed e) {
                failure.add(e);
            }
            Proc.send(pid, "third", new Deadline(begin + Duration.ofSeconds(9).toNanos()));
        });
        await().until(() -> {
            node.advance(Duration.ofSeconds(1));
            return !caller.isAlive();
        });
        assertThat(failure.peek()).isInstanceOf(CallFailed.Overloaded.class);
        assertThat(Duration.ofNanos(node.nanos() - begin)).isLessThan(Duration.ofHours(1));
        assertThat(node.counts().overflowed()).isEqualTo(2);
        slow.gate.countDown();
    }

    @Test
    void timeIsExactInVirtualTime() {
        node.close();
        node = Node.start(Node.Config.DEFAULT.withVirtualTime());
        node.advance(Duration.ofNanos(1_234_567));
        assertThat(node.coarseNanos()).isEqualTo(node.nanos()).isEqualTo(1_234_567);
    }

    @Test
    void whenAllWasIdleTheTimeOfTheFirstSenderIsFresh() throws Exception {
        var slow = new Slow();
        var pid = node.spawn(Spawn.DEFAULT, slow);
        for (var i = 0; i < 20; i++) {
            var before = node.nanos();
            // Until the monitor sleeps, or while it looks: either way not before what was a moment ago.
            await().until(() -> node.coarseNanos() >= before);
            Proc.call(pid, "ping", SOON);
        }
        await().until(() -> {
            var before = node.nanos();
            return node.coarseNanos() >= before; // nobody looks any more, so it is the clock itself
        });
    }

    /** Each calls the next, the last the first: whoever closes the circle is told all of it. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void aCycleOfCallsNamesTheWholeChain(int length) throws Exception {
        var ring = new Pid[length];
        var closed = new CompletableFuture<Throwable>();
        class Link implements Receiver {
            private final int place;

            Link(int place) {
                this.place = place;
            }

            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) {
                try {
                    caller.reply(Proc.call(ring[(place + 1) % length], message, SOON));
                } catch (CallFailed.Cycle e) {
                    closed.complete(e);
                    caller.reply("closed");
                }
            }
        }
        for (var i = 0; i < length; i++) {
            ring[i] = node.spawn(Spawn.DEFAULT.label("link" + i), new Link(i));
        }
        assertThat(Proc.call(ring[0], "go", SOON)).isEqualTo("closed");
        var chain = IntStream.rangeClosed(0, length)
                .map(i -> (i + length - 1) % length)
                .mapToObj(i -> "link" + i + " " + ring[i])
                .collect(Collectors.joining(" -> "));
        assertThat(closed.get()).hasMessageContaining("call cycle: " + chain + ".");
    }

    @Test
    void aMessageThatCannotPrintItselfDoesNotHideTheError() {
        record Silent() {
            @Override
            public String toString() {
                throw new IllegalStateException("no words");
            }
        }
        var gone = node.spawn(Spawn.DEFAULT.label("visits"), () -> {});
        assertThat(Proc.awaitExit(gone, SOON)).contains(ExitReason.NORMAL);
        assertThatThrownBy(() -> Proc.call(gone, new Silent(), SOON))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("noproc: visits " + gone)
                .hasMessageContaining("no words");
        assertThatThrownBy(() -> Proc.call(gone, "x".repeat(1_000_000), SOON))
                .hasMessageContaining("1000000 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }

    @Test
    void aBacklogOfAMillionIsHandledInOrder() throws Exception {
        var count = 1_000_000;
        var slow = new Slow();
        var next = new AtomicInteger();
        var pid = node.spawn(Spawn.DEFAULT.mailbox(Mailbox.of(2 * count)), (Receiver) message -> {
            if (message.equals("gate")) {
                slow.receive(message);
            } else if (!next.compareAndSet((Integer) message, (Integer) message + 1)) {
                throw new IllegalStateException("after " + next + " came " + message);
            }
        });
        Proc.send(pid, "gate");
        slow.entered.await();
        sendNumbers(pid, count);
        assertThat(((LocalProcess) pid).queueLength()).isEqualTo(count);
        slow.gate.countDown();
        await().until(() -> next.get() == count);
        assertThat(pid.isAlive()).isTrue();
    }

    @Test
    @SuppressWarnings("NullAway") // that is the point
    void wrongLimitsAreRefused() {
        assertThatThrownBy(() -> Mailbox.of(0)).hasMessageContaining("1 or more; got: 0");
        assertThatThrownBy(() -> Mailbox.DEFAULT.bytes(0, _ -> 1)).hasMessageContaining("maxBytes");
        assertThatThrownBy(() -> Mailbox.DEFAULT.dropOlderThan(Duration.ZERO)).hasMessageContaining("maxAge");
        assertThatThrownBy(() -> Proc.send(node.spawn(Spawn.DEFAULT, new Slow()), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("must not be null");
    }
}
