package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the kernel tells, and when. */
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Node node = Node.start(Node.Config.DEFAULT.name("events"));

    @AfterEach
    void close() {
        node.close();
    }

    private <E extends KernelEvent> BlockingQueue<E> listen(Class<E> event) {
        var heard = new LinkedBlockingQueue<E>();
        node.telemetry().attach(event, heard::add);
        return heard;
    }

    private static <E> E next(BlockingQueue<E> heard) throws InterruptedException {
        var event = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no such event came");
        }
        return event;
    }

    /** Does nothing until it may. */
    private static Receiver held(CountDownLatch gate) {
        return new Receiver() {
            @Override
            public void receive(Object message) throws Exception {
                gate.await();
            }

            @Override
            public void request(Object message, Caller caller) throws Exception {
                gate.await();
                caller.reply("at last");
            }
        };
    }

    @Test
    void eachDroppedMessageIsToldWithItsCause() throws Exception {
        var dropped = listen(KernelEvent.Dropped.class);
        var gate = new CountDownLatch(1);
        var pid = node.spawn(Spawn.DEFAULT.label("slow").mailbox(2, Overflow.REJECT), held(gate));
        send(pid, "handled");
        await().until(() -> ((LocalProcess) pid).queueLength() == 0);
        send(pid, "waits");
        send(pid, "waits too");
        send(pid, "too much");
        assertThat(next(dropped))
                .isEqualTo(new KernelEvent.Dropped(pid, "slow", "too much", KernelEvent.Cause.OVERFLOW));
        kill(pid);
        send(pid, "hello?");
        assertThat(next(dropped))
                .isEqualTo(new KernelEvent.Dropped(pid, "slow", "hello?", KernelEvent.Cause.DEAD_RECEIVER));

        var prices =
                node.spawn(Spawn.DEFAULT.mailbox(Mailbox.of(10).conflate(m -> ((String) m).charAt(0))), held(gate));
        send(prices, "handled");
        await().until(() -> ((LocalProcess) prices).queueLength() == 0);
        send(prices, "a1");
        send(prices, "a2");
        assertThat(next(dropped)).isEqualTo(new KernelEvent.Dropped(prices, "", "a1", KernelEvent.Cause.CONFLATED));

        gate.countDown();
    }

    @Test
    void dropOldestTellsOfEach() throws Exception {
        var dropped = listen(KernelEvent.Dropped.class);
        var gate = new CountDownLatch(1);
        var pid = node.spawn(Spawn.DEFAULT.mailbox(16, Overflow.DROP_OLDEST), held(gate));
        send(pid, -1);
        await().until(() -> ((LocalProcess) pid).queueLength() == 0);
        for (var i = 0; i < 17; i++) {
            send(pid, i);
        }
        assertThat(next(dropped)).isEqualTo(new KernelEvent.Dropped(pid, "", 0, KernelEvent.Cause.OVERFLOW));
        assertThat(node.counts().overflowed()).isPositive();
        gate.countDown();
    }

    @Test
    void aMailboxThatFillsIsToldOnceAndAgainWhenItHadEmptied() throws Exception {
        var high = listen(KernelEvent.MailboxHigh.class);
        var gates = new LinkedBlockingQueue<CountDownLatch>();
        var pid = node.spawn(Spawn.DEFAULT.label("filling").mailbox(100, Overflow.REJECT), message -> {
            if (message instanceof CountDownLatch gate) {
                gates.add(gate);
                gate.await();
            }
        });
        for (var round = 0; round < 2; round++) {
            var gate = new CountDownLatch(1);
            send(pid, gate);
            next(gates);
            for (var i = 0; i < 110; i++) {
                send(pid, i);
            }
            var event = next(high);
            assertThat(event.label()).isEqualTo("filling");
            assertThat(event.limit()).isEqualTo(100);
            assertThat(event.waiting()).isEqualTo(100);
            gate.countDown();
            await().until(() -> ((LocalProcess) pid).isIdle());
            send(pid, "one that finds it empty");
            await().until(() -> ((LocalProcess) pid).isIdle());
        }
        assertThat(high).isEmpty();
    }

    @Test
    void aTimeoutAndACycleAreTold() throws Exception {
        var timeouts = listen(KernelEvent.CallTimedOut.class);
        var cycles = listen(KernelEvent.CallCycle.class);
        var gate = new CountDownLatch(1);
        var server = node.spawn(Spawn.DEFAULT.label("slow"), held(gate));
        assertThatThrownBy(() -> call(server, "?", Duration.ofMillis(1))).isInstanceOf(CallFailed.Timeout.class);
        var timeout = next(timeouts);
        assertThat(timeout.server()).isEqualTo(server);
        assertThat(timeout.label()).isEqualTo("slow");
        assertThat(timeout.request()).isEqualTo("?");
        assertThat(timeout.caller()).isEmpty();
        assertThat(timeout.timeout()).isEqualTo(Duration.ofMillis(1));
        gate.countDown();

        var loop = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                call((Pid) message, self(), PATIENCE);
            }
        });
        var other = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) {
                call((Pid) message, "and back", PATIENCE);
            }
        });
        send(loop, other);
        assertThat(next(cycles).chain()).isEqualTo(List.of(other, loop, other));
        assertThat(node.counts().callCycles()).isEqualTo(1);
        assertThat(node.counts().callTimeouts()).isEqualTo(1);
    }

    @Test
    void whoSwallowsTheKillIsNamedUntilItGoes() throws Exception {
        var virtual = Node.start(Node.Config.DEFAULT.name("stuck").withVirtualTime());
        try (virtual) {
            var told = new LinkedBlockingQueue<KernelEvent.Stuck>();
            virtual.telemetry().attach(KernelEvent.Stuck.class, told::add);
            var inside = new CountDownLatch(2);
            var gate = new CountDownLatch(1);
            var server = virtual.spawn(Spawn.DEFAULT.label("deaf server"), (Receiver) _ -> swallow(inside, gate));
            var body = virtual.spawn(Spawn.DEFAULT.label("deaf body"), () -> swallow(inside, gate));
            var polite = virtual.spawn(Spawn.DEFAULT.label("polite"), (Receiver) _ -> gate.await());
            send(server, "go");
            send(polite, "go");
            inside.await();

            kill(server);
            kill(body);
            kill(polite);
            assertThat(server.isAlive()).isFalse();
            assertThat(virtual.counts().stuck()).isZero();
            await().until(() -> ((LocalProcess) polite).runner() == null);

            virtual.advance(Duration.ofMillis(999));
            assertThat(told).isEmpty();
            virtual.advance(Duration.ofMillis(1));
            assertThat(List.of(next(told), next(told)))
                    .extracting(KernelEvent.Stuck::label)
                    .containsExactlyInAnyOrder("deaf server", "deaf body");
            assertThat(virtual.counts().stuck()).isEqualTo(2);

            virtual.advance(Duration.ofSeconds(1));
            var again = next(told);
            assertThat(again.time()).isEqualTo(Duration.ofSeconds(2));
            assertThat(again.reason()).isEqualTo(ExitReason.KILLED);
            assertThat(again.stack()).anyMatch(frame -> frame.getMethodName().equals("swallow"));
            next(told);
            virtual.advance(Duration.ofMillis(1_999));
            assertThat(told).isEmpty();

            gate.countDown();
            await().until(() -> ((LocalProcess) server).runner() == null && ((LocalProcess) body).runner() == null);
            virtual.advance(Duration.ofSeconds(60));
            assertThat(told).isEmpty();
            assertThat(virtual.counts().stuck()).isEqualTo(2);
        }
    }

    private static void swallow(CountDownLatch inside, CountDownLatch gate) {
        inside.countDown();
        while (true) {
            try {
                gate.await();
                return;
            } catch (InterruptedException e) {
                // as rude code does
            }
        }
    }

    @Test
    void aHandlerThatThrowsIsDetachedAndHarmsNobody() {
        node.telemetry().attach(KernelEvent.Exited.class, _ -> {
            throw new IllegalStateException("a bad handler");
        });
        var exits = listen(KernelEvent.Exited.class);
        for (var i = 0; i < 2; i++) {
            var pid = node.spawn(Spawn.DEFAULT, () -> {});
            assertThat(awaitExit(pid, PATIENCE)).contains(ExitReason.NORMAL);
        }
        await().until(() -> exits.size() == 2);
    }
}
