package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndWithTest {
    private Node node;
    private Node.Attached self;

    @BeforeEach
    void start() {
        node = Node.start(Node.Config.DEFAULT.name("test"));
        self = node.attach(Spawn.DEFAULT.label("test").trappingExits());
    }

    @AfterEach
    void stop() {
        self.close();
        node.close();
    }

    /** An owner that ends as it is told, and its own that traps exits. */
    private Pid[] pair() throws InterruptedException {
        var bound = new CountDownLatch(1);
        var own = new Pid[1];
        var owner = spawn(() -> {
            var me = self();
            own[0] = spawn(() -> {
                trapExit(true);
                endWith(me);
                bound.countDown();
                receive(m -> null);
            });
            exit(receive(ExitReason.class));
        });
        bound.await();
        return new Pid[] {owner, own[0]};
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "crash", "shutdown", "kill"})
    void theOwnersEndIsTheEndOfItsOwnWhateverTheReason(String how) throws InterruptedException {
        var pair = pair();
        switch (how) {
            case "normal" -> send(pair[0], ExitReason.NORMAL);
            case "crash" -> send(pair[0], new ExitReason.Other("broken"));
            case "shutdown" -> exit(pair[0], ExitReason.SHUTDOWN);
            default -> kill(pair[0]);
        }
        var reason = awaitExit(pair[1], Duration.ofSeconds(5)).orElseThrow();
        assertThat(reason)
                .isEqualTo(
                        switch (how) {
                            case "crash" -> new ExitReason.Other("broken");
                            case "kill" -> ExitReason.KILLED;
                            default -> ExitReason.SHUTDOWN;
                        });
    }

    @Test
    void theOtherWayItIsALinkLikeAny() throws InterruptedException {
        var pair = pair();
        kill(pair[1]);
        assertThat(awaitExit(pair[0], Duration.ofSeconds(5))).contains(ExitReason.KILLED);
    }

    @Test
    void aDeadOwnerEndsTheCallerAtOnce() {
        var owner = spawn(() -> {});
        awaitExit(owner, Duration.ofSeconds(5));
        var late = spawn(() -> {
            trapExit(true);
            endWith(owner);
            receive(m -> null);
        });
        assertThat(awaitExit(late, Duration.ofSeconds(5))).contains(ExitReason.NO_PROCESS);
    }

    @Test
    void unlinkingEndsIt() throws InterruptedException {
        var pair = pair();
        var freed = new CountDownLatch(1);
        var owner = spawn(() -> {
            link(pair[1]);
            unlink(pair[1]);
            freed.countDown();
        });
        freed.await();
        awaitExit(owner, Duration.ofSeconds(5));
        assertThat(pair[1].isAlive()).as("it was not that one's").isTrue();
        send(pair[0], ExitReason.NORMAL);
        assertThat(awaitExit(pair[1], Duration.ofSeconds(5))).contains(ExitReason.SHUTDOWN);
    }

    @Test
    void anExitSentByTheOwnerCanStillBeTrapped() {
        var ready = new CountDownLatch(1);
        var me = self();
        var own = spawn(() -> {
            trapExit(true);
            endWith(me);
            ready.countDown();
            send(me, receive(Exit.class));
        });
        await(ready);
        exit(own, ExitReason.SHUTDOWN);
        assertThat(receive(Exit.class)).isEqualTo(new Exit(me, ExitReason.SHUTDOWN));
    }

    @Test
    void serversCannot() {
        var server = node.spawn(Spawn.DEFAULT, new Receiver() {
            @Override
            public void receive(Object message) {}

            @Override
            public void request(Object message, Caller caller) {
                endWith((Pid) message);
            }
        });
        assertThatThrownBy(() -> call(server, self(), Duration.ofSeconds(5)))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("server process");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
