package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The primitives, seen from one process: the test's own. */
class ProcTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

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

    private static <T> T expect(Class<T> type) {
        return receive(PATIENCE, m -> type.isInstance(m) ? type.cast(m) : null)
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " came"));
    }

    private static final class Boom extends RuntimeException {
        private static final long serialVersionUID = 1;

        Boom() {
            super("boom", null, false, false);
        }
    }

    record Add(int n) {}

    record Get() {}

    /** Counts, answers Get, crashes on "crash". */
    private static final class Counter implements Receiver {
        private int count;

        @Override
        public void receive(Object message) {
            switch (message) {
                case Add(var n) -> count += n;
                case String crash -> throw new Boom();
                default -> {}
            }
        }

        @Override
        public void request(Object message, Caller caller) {
            if (message instanceof Get) {
                caller.reply(count);
            }
        }
    }

    private Pid counter() {
        return node.spawn(Spawn.DEFAULT.label("counter"), new Counter());
    }

    @Test
    void messagesOfOneSenderKeepTheirOrder() {
        var me = self();
        spawn(() -> {
            for (var i = 0; i < 10_000; i++) {
                send(me, i);
            }
        });
        for (var i = 0; i < 10_000; i++) {
            assertThat(expect(Integer.class)).isEqualTo(i);
        }
    }

    @Test
    void receiveLeavesWhatItDoesNotWantInOrder() {
        send(self(), "a");
        send(self(), 1);
        send(self(), "b");
        assertThat(receive(Integer.class)).isEqualTo(1);
        assertThat(receive(String.class)).isEqualTo("a");
        assertThat(receive(String.class)).isEqualTo("b");
        assertThat(receive(Duration.ZERO, m -> m)).isEmpty();
    }

    @Test
    void priorityMessagesOvertake() {
        send(self(), "late");
        sendPriority(self(), "first");
        sendPriority(self(), "second");
        var order = List.of(receive(String.class), receive(String.class), receive(String.class));
        assertThat(order).containsExactly("first", "second", "late");
    }

    @Test
    void receivingInAMatcherIsRefused() {
        send(self(), "a");
        assertThatThrownBy(() -> receive(m -> receive(x -> x)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside the matcher");
    }

    @Test
    @SuppressWarnings("NullAway") // that is the point
    void nullMessagesAreRefusedAtTheSender() {
        assertThatThrownBy(() -> send(self(), null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aCallSeesEarlierSends() {
        var counter = counter();
        send(counter, new Add(2));
        send(counter, new Add(3));
        assertThat(call(counter, new Get(), PATIENCE)).isEqualTo(5);
    }

    @Test
    void aCrashReachesCallerLinkAndMonitorOnce() {
        trapExit(true);
        var counter = counter();
        link(counter);
        var monitor = monitor(counter);
        send(counter, "crash");
        assertThatThrownBy(() -> call(counter, new Get(), PATIENCE)).isInstanceOf(CallFailed.Exited.class);
        var exit = expect(Exit.class);
        var down = expect(Down.class);
        assertThat(exit.from()).isEqualTo(counter);
        assertThat(down.monitor()).isEqualTo(monitor);
        assertThat(down.reason()).isEqualTo(exit.reason());
        assertThat(((ExitReason.Crashed) down.reason()).cause()).isInstanceOf(Boom.class);
        assertThat(receive(Duration.ZERO, m -> m)).isEmpty();
        assertThat(counter.isAlive()).isFalse();
    }

    @Test
    void errorsAreCrashesOfTheOneProcess() {
        var overflow = spawn(() -> {
            receive(String.class);
            recurse(1);
        });
        var assertion = spawn(() -> {
            receive(String.class);
            throw new AssertionError("no");
        });
        for (var pid : List.of(overflow, assertion)) {
            monitor(pid);
            send(pid, "go");
        }
        var reasons = List.of(expect(Down.class).reason(), expect(Down.class).reason());
        assertThat(reasons)
                .extracting(r -> (Object) ((ExitReason.Crashed) r).cause().getClass())
                .containsExactlyInAnyOrder(StackOverflowError.class, AssertionError.class);
    }

    private static int recurse(int n) {
        return n == 0 ? 0 : 1 + recurse(n + 1);
    }

    @Test
    void aSendToTheDeadIsNothingAndMonitoringThemAnswersAtOnce() {
        var pid = counter();
        kill(pid);
        assertThat(pid.isAlive()).isFalse();
        send(pid, "hello?");
        monitor(pid);
        assertThat(expect(Down.class).reason()).isEqualTo(ExitReason.NO_PROCESS);
        assertThatThrownBy(() -> call(pid, new Get(), PATIENCE))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("noproc")
                .hasMessageContaining(pid.toString());
        assertThat(node.counts().toDead()).isEqualTo(2);
    }

    @Test
    void linksCarryACrashThroughAChainAndStopAtWhoTraps() {
        trapExit(true);
        var links = new ArrayList<Pid>();
        for (var i = 0; i < 50_000; i++) {
            var previous = links.isEmpty() ? self() : links.getLast();
            links.add(spawn(() -> {
                link(previous);
                receive(m -> null);
            }));
        }
        for (var pid : links) { // a round through each, so that all links hold
            send(pid, "ping");
        }
        exit(links.getFirst(), new ExitReason.Other("rotten"));
        var exit = expect(Exit.class);
        assertThat(exit.reason()).isEqualTo(new ExitReason.Other("rotten"));
    }

    @Test
    void normalEndsDoNotHarmLinksAndNoProcessDoes() {
        var bystander = spawn(() -> {
            link(spawn(() -> {}));
            receive(m -> "stop".equals(m) ? m : null);
        });
        monitor(bystander);
        send(bystander, "stop");
        assertThat(expect(Down.class).reason()).isEqualTo(ExitReason.NORMAL);

        var dead = spawn(() -> {});
        awaitExit(dead, PATIENCE);
        monitor(spawn(() -> {
            link(dead);
            receive(m -> null);
        }));
        assertThat(expect(Down.class).reason()).isEqualTo(ExitReason.NO_PROCESS);
    }

    @Test
    void unlinkedMeansUnharmed() {
        var pid = spawnLink(() -> receive(m -> null));
        unlink(pid);
        exit(pid, new ExitReason.Other("gone"));
        assertThat(pid.isAlive()).isFalse();
        assertThat(self().isAlive()).isTrue();
    }

    @Test
    void killCannotBeTrappedAndInterruptsWhatBlocks() {
        var blocked = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var pid = spawn(() -> {
            trapExit(true);
            blocked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        await(blocked);
        monitor(pid);
        kill(pid);
        assertThat(expect(Down.class).reason()).isEqualTo(ExitReason.KILLED);
        await(interrupted);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aKilledProcessDoesNotGoOnSending() {
        var me = self();
        var busy = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var unwound = new CountDownLatch(1);
        var pid = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                busy.countDown();
                var swallowed = false;
                while (true) {
                    try {
                        goOn.await();
                        break;
                    } catch (InterruptedException e) {
                        swallowed = true; // as rude code does
                    }
                }
                try {
                    send(me, "from the grave, swallowed " + swallowed);
                } finally {
                    unwound.countDown();
                }
            }
        });
        send(pid, "go");
        await(busy);
        kill(pid);
        goOn.countDown();
        await(unwound);
        assertThat(receive(Duration.ZERO, m -> m)).isEmpty();
    }

    @Test
    void demonitorTakesBackADownThatIsOnItsWay() {
        var pid = spawn(() -> receive(m -> null));
        var monitor = monitor(pid);
        kill(pid);
        assertThat(demonitor(monitor)).isFalse();
        assertThat(receive(Duration.ZERO, m -> m)).isEmpty();
    }

    @Test
    void namesAreUniqueAndFreedByDeath() {
        var first = node.spawn(Spawn.DEFAULT.named("clerk"), new Counter());
        assertThat(node.whereis("clerk")).contains(first);
        assertThatThrownBy(() -> node.spawn(Spawn.DEFAULT.named("clerk"), new Counter()))
                .isInstanceOf(NameTaken.class)
                .hasMessageContaining("clerk");
        kill(first);
        assertThat(node.whereis("clerk")).isEmpty();
        node.spawn(Spawn.DEFAULT.named("clerk"), new Counter());
        assertThat(node.unregister("clerk")).isTrue();
        assertThat(node.unregister("clerk")).isFalse();
    }

    @Test
    void aCallCycleIsNamedAtOnce() {
        var me = self();
        var b = spawn(() -> {
            var c = receive(Pid.class);
            send(me, outcome(c));
        });
        var c = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) {
                caller.reply(outcome(b));
            }
        });
        send(b, c);
        assertThat(expect(String.class))
                .contains("call cycle")
                .contains(b.toString())
                .contains(c.toString());
    }

    private static String outcome(Pid server) {
        try {
            return call(server, new Get(), PATIENCE).toString();
        } catch (CallFailed.Cycle e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aFullMailboxDropsOrBlocksAsItWasTold() {
        var gate = new CountDownLatch(1);
        var pid = node.spawn(Spawn.DEFAULT.mailbox(10, Overflow.DROP_NEWEST), gated(gate));
        for (var i = 0; i < 100; i++) {
            send(pid, i);
        }
        assertThat(node.counts().overflowed()).isBetween(80L, 90L);
        monitor(pid);
        kill(pid); // signals are admitted whatever waits
        assertThat(expect(Down.class).reason()).isEqualTo(ExitReason.KILLED);
        gate.countDown();
    }

    @Test
    void aBlockedSenderGoesOnWhenThereIsRoomAndNothingIsLost() {
        var gate = new CountDownLatch(1);
        var me = self();
        var pid = node.spawn(Spawn.DEFAULT.mailbox(10, Overflow.BLOCK), new Receiver() {
            @Override
            public void receive(Object message) throws Exception {
                gate.await();
                if (message.equals(999)) {
                    send(me, "all there");
                }
            }
        });
        spawn(() -> {
            for (var i = 0; i < 1_000; i++) {
                send(pid, i);
            }
        });
        gate.countDown();
        assertThat(expect(String.class)).isEqualTo("all there");
        assertThat(node.counts().overflowed()).isZero();
    }

    private static Receiver gated(CountDownLatch gate) {
        return message -> gate.await();
    }

    @Test
    void aServerThatForgetsToAnswerIsToldSo() {
        var pid = node.spawn(Spawn.DEFAULT, new Counter());
        assertThatThrownBy(() -> call(pid, "unknown", PATIENCE))
                .isInstanceOf(CallFailed.Exited.class)
                .hasRootCauseMessage(Counter.class.getName()
                        + " took the request unknown and returned without caller.reply(value) or caller.defer()");
    }

    @Test
    void aDeferredAnswerComesLaterAndDeathTellsWhoWaits() {
        var waiting = new ArrayList<Caller>();
        var pid = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                waiting.removeFirst().reply(message);
            }

            @Override
            public void request(Object message, Caller caller) {
                caller.defer();
                waiting.add(caller);
                if (message.equals("and die")) {
                    throw new Boom();
                }
                send(self(), "later");
            }
        });
        assertThat(call(pid, "please", PATIENCE)).isEqualTo("later");
        assertThatThrownBy(() -> call(pid, "and die", PATIENCE))
                .isInstanceOf(CallFailed.Exited.class)
                .hasCauseInstanceOf(Boom.class);
    }

    @Test
    void aLateReplyIsCountedAndGoesNowhere() {
        var gate = new CountDownLatch(1);
        var replied = new CountDownLatch(1);
        var pid = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) throws Exception {
                gate.await();
                caller.reply("too late");
                replied.countDown();
            }
        });
        assertThatThrownBy(() -> call(pid, new Get(), Duration.ofMillis(200)))
                .isInstanceOf(CallFailed.Timeout.class)
                .hasMessageContaining("timed out after 200 ms")
                .hasMessageContaining("alive");
        gate.countDown();
        await(replied);
        assertThat(node.counts().lateReplies()).isEqualTo(1);
        assertThat(receive(Duration.ZERO, m -> m)).isEmpty();
    }

    @Test
    void serversCannotReceive() {
        var pid = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {
                Proc.receive(m -> m);
            }
        });
        monitor(pid);
        send(pid, "go");
        var why = (ExitReason.Crashed) expect(Down.class).reason();
        assertThat(why.cause()).hasMessageContaining("a server process");
    }
}
