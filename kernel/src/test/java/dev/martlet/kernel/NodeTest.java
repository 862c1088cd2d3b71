package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node keeps: timers, the table of processes. */
class NodeTest {
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

    @Test
    void timersFireOnceCanBeCancelledAndGoToTheLiving() {
        var timer = sendAfter(Duration.ofMillis(5), self(), "tick");
        assertThat(receive(String.class)).isEqualTo("tick");
        assertThat(timer.cancel()).isFalse();
        assertThat(timer.remaining()).isEmpty();

        var cancelled = sendAfter(Duration.ofHours(1), self(), "never");
        assertThat(cancelled.remaining().orElseThrow()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(cancelled.cancel()).isTrue();
        assertThat(node.timerCount()).isZero();
    }

    @Test
    void aThreadThatIsNoProcessIsToldSo() throws Exception {
        var error = new ArrayList<String>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                self();
            } catch (IllegalStateException e) {
                error.add(String.valueOf(e.getMessage()));
            }
        });
        thread.join();
        assertThat(error).first().asString().contains("is no process");
    }

    @Test
    void manyProcessesComeAndGoAndTheTableForgetsThem() {
        var before = node.processCount();
        for (var i = 0; i < 100_000; i++) {
            node.spawn(Spawn.DEFAULT, (Proc.Body) () -> {});
        }
        var last = spawn(() -> receive(m -> null));
        assertThat(node.find(last.serial())).contains(last);
        kill(last);
        assertThat(node.find(last.serial())).isEmpty();
        org.awaitility.Awaitility.await().until(() -> node.processCount() == before);
    }
}
