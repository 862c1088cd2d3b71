package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to the behaviour around a server, held messages, and answers that are waited for later. */
class SystemRequestTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private Node node;
    private Node.Attached self;

    @BeforeEach
    void start() {
        node = Node.start(Node.Config.DEFAULT.name("test"));
        self = node.attach(Spawn.DEFAULT.label("test"));
    }

    @AfterEach
    void stop() {
        self.close();
        node.close();
    }

    /** Remembers what it got, holds and lets go when the system says so, waits at a gate. */
    private static final class Logger implements Receiver {
        final List<Object> got = new ArrayList<>();

        @Override
        public void receive(Object message) throws Exception {
            if (message instanceof CountDownLatch gate) {
                gate.await();
            }
            got.add(message);
        }

        @Override
        public void request(Object message, Caller caller) {
            caller.reply(List.copyOf(got));
        }

        @Override
        public void system(Object request, Caller caller) {
            switch (request) {
                case Boolean hold -> caller.reply(Proc.hold(hold));
                default -> caller.reply(got.size());
            }
        }
    }

    @Test
    void aSystemRequestPassesAFullMailboxAndAHeldOne() {
        var pid = node.spawn(Spawn.DEFAULT.mailbox(2, Overflow.DROP_NEWEST), new Logger());
        assertThat(Proc.system(pid, true, SOON)).isEqualTo(false);
        for (var i = 0; i < 5; i++) {
            Proc.send(pid, i);
        }
        Proc.sendPriority(pid, "urgent");
        assertThat(Proc.system(pid, "size", SOON)).isEqualTo(1);
        assertThat(Proc.offer(pid, "no room")).isFalse();
        assertThat(Proc.system(pid, false, SOON)).isEqualTo(true);
        // Until what was held has been handled, there is no room for a request either.
        await().until(() -> Proc.system(pid, "size", SOON).equals(3));
        assertThat(Proc.call(pid, "all", SOON)).isEqualTo(List.of("urgent", 0, 1));
    }

    @Test
    void aHeldServerStillStopsAndRefusesWhatWaits() {
        var pid = node.spawn(Spawn.DEFAULT, new Logger());
        Proc.system(pid, true, SOON);
        var response = Proc.sendRequest(pid, "all");
        assertThat(response.poll(Duration.ZERO)).isEmpty();
        Proc.system(pid, "drains the inbox", SOON);
        Proc.kill(pid);
        assertThatThrownBy(() -> response.await(SOON))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("killed");
    }

    @Test
    void whoHasNoBehaviourSaysSo() {
        var plain = node.spawn(Spawn.DEFAULT, (Receiver) _ -> {});
        assertThat(Proc.system(plain, "state", SOON)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(plain.isAlive()).isTrue();
        var body = Proc.spawn(() -> Proc.receive(String.class));
        assertThatThrownBy(() -> Proc.system(body, "state", SOON)).hasMessageContaining("runs a body");
    }

    @Test
    void manyAreAskedAtOnceAndAnsweredInAnyOrder() {
        var gate = new CountDownLatch(1);
        var slow = node.spawn(Spawn.DEFAULT, new Logger());
        Proc.send(slow, gate);
        var fast = IntStream.range(0, 50)
                .mapToObj(_ -> node.spawn(Spawn.DEFAULT, new Logger()))
                .toList();
        var first = Proc.sendRequest(slow, "all");
        var rest = fast.stream().map(pid -> Proc.sendRequest(pid, "all")).toList();
        rest.forEach(r -> assertThat(r.await(SOON)).isEqualTo(List.of()));
        assertThatThrownBy(() -> first.await(Duration.ofMillis(1))).isInstanceOf(CallFailed.Timeout.class);
        gate.countDown();
        assertThat(first.await(SOON)).isEqualTo(List.of(gate));
    }

    @Test
    void anAbandonedRequestIsNotHandledAndCounted() {
        var gate = new CountDownLatch(1);
        var slow = node.spawn(Spawn.DEFAULT, new Logger());
        Proc.send(slow, gate);
        var response = Proc.sendRequest(slow, "all");
        response.abandon();
        gate.countDown();
        Proc.call(slow, "all", SOON);
        assertThat(node.counts().expired()).isEqualTo(1);
        assertThat(node.counts().lateReplies()).isZero();
    }

    @Test
    void aRequestToTheDeadOrTheOverloadedFailsWhenItIsAwaited() {
        var dead = Proc.spawn(() -> {});
        assertThat(Proc.awaitExit(dead, SOON)).contains(ExitReason.NORMAL);
        var toDead = Proc.sendRequest(dead, "hello");
        assertThatThrownBy(() -> toDead.await(SOON)).hasMessageContaining("noproc");

        var gate = new CountDownLatch(1);
        var full = node.spawn(Spawn.DEFAULT.mailbox(1, Overflow.DROP_NEWEST), new Logger());
        Proc.system(full, true, SOON);
        Proc.send(full, gate);
        var toFull = Proc.sendRequest(full, "all");
        assertThatThrownBy(() -> toFull.await(SOON)).isInstanceOf(CallFailed.Overloaded.class);
        gate.countDown();
    }

    @Test
    void aServerMayLookForAnAnswerInALaterMessage() {
        var gate = new CountDownLatch(1);
        var slow = node.spawn(Spawn.DEFAULT, new Logger());
        Proc.send(slow, gate);
        var me = Proc.self();
        var asker = node.spawn(Spawn.DEFAULT, new Receiver() {
            private final List<Response> open = new ArrayList<>();

            @Override
            public void receive(Object message) {
                if (open.isEmpty()) {
                    open.add(Proc.sendRequest(slow, "all"));
                    Proc.send(me, "asked");
                } else {
                    Proc.send(me, open.getFirst().await(SOON));
                }
            }
        });
        Proc.send(asker, "ask");
        Proc.receive(String.class);
        Proc.send(asker, "look");
        gate.countDown();
        assertThat((Object) Proc.receive(List.class)).asInstanceOf(LIST).hasSize(1);
    }

    @Test
    void aProcessKnowsItsNamesItsLabelAndItsAncestors() {
        var me = Proc.self();
        var parent = node.spawn(Spawn.DEFAULT.label("parent"), new Receiver() {
            @Override
            public void started() {
                node.spawn(Spawn.DEFAULT.linkedOrderly().named("child").label("the child"), new Receiver() {
                    @Override
                    public void started() {
                        Proc.send(me, List.of(Proc.names(), Proc.label(), Proc.ancestors()));
                    }

                    @Override
                    public void receive(Object message) {}
                });
            }

            @Override
            public void receive(Object message) {}
        });
        assertThat((Object) Proc.receive(List.class))
                .isEqualTo(List.of(List.of("child"), "the child", List.of(parent)));
    }
}
