package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Timers as their owner sees them, against {@code erlang:start_timer, cancel_timer, read_timer}. */
class TimerTest {
    private Node node;
    private Node.Attached self;

    @BeforeEach
    void start() {
        node = Node.start(Node.Config.DEFAULT.name("timers").withVirtualTime());
        self = node.attach(Spawn.DEFAULT.mailbox(Mailbox.of(2_000_000)));
    }

    @AfterEach
    void stop() {
        self.close();
        node.close();
    }

    private static boolean nothingCame() {
        return receive(Duration.ZERO, m -> m).isEmpty();
    }

    @Test
    void remainingCountsDownAndEndsWithTheFiring() {
        var timer = sendAfter(Duration.ofSeconds(10), self(), "ring");
        assertThat(timer.remaining()).contains(Duration.ofSeconds(10));
        node.advance(Duration.ofSeconds(4));
        assertThat(timer.remaining()).contains(Duration.ofSeconds(6));
        node.advance(Duration.ofSeconds(6).minusNanos(1));
        assertThat(nothingCame()).isTrue();
        node.advance(Duration.ofNanos(1));
        assertThat(receive(String.class)).isEqualTo("ring");
        assertThat(timer.remaining()).isEmpty();
        assertThat(timer.cancel()).isFalse();
    }

    @Test
    void aCancelledTimerDoesNotFireAndCanBeCancelledOnce() {
        var timer = sendAfter(Duration.ofSeconds(1), self(), "ring");
        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        assertThat(timer.remaining()).isEmpty();
        node.advance(Duration.ofDays(1));
        assertThat(nothingCame()).isTrue();
        assertThat(node.timerCount()).isZero();
    }

    @Test
    void delaysOfNothingAndOfLongerThanEverAreTaken() {
        sendAfter(Duration.ZERO, self(), "now");
        sendAfter(Duration.ofSeconds(-5), self(), "in the past");
        var never = sendAfter(Duration.ofSeconds(Long.MAX_VALUE), self(), "never");
        node.advance(Duration.ofNanos(1));
        assertThat(receive(String.class)).isEqualTo("now");
        assertThat(receive(String.class)).isEqualTo("in the past");
        node.advance(Duration.ofDays(365 * 100));
        assertThat(nothingCame()).isTrue();
        assertThat(never.cancel()).isTrue();
    }

    @Test
    void aTimerToTheDeadFiresIntoNothing() {
        var pid = node.spawn(Spawn.DEFAULT, (Receiver) message -> {});
        sendAfter(Duration.ofSeconds(1), pid, "hello?");
        kill(pid);
        node.advance(Duration.ofSeconds(1));
        assertThat(node.counts().toDead()).isEqualTo(1);
        assertThat(node.timerCount()).isZero();
    }

    @Test
    void aTimerDoesNotWaitForRoomInAFullMailbox() {
        var pid = node.spawn(Spawn.DEFAULT.mailbox(1, Overflow.BLOCK), () -> receive(m -> null));
        for (var i = 0; i < 3; i++) {
            sendAfter(Duration.ofSeconds(1), pid, i);
        }
        node.advance(Duration.ofSeconds(1));
        assertThat(node.counts().overflowed()).isEqualTo(2);
    }

    /** F17, in virtual time: a million, half of them cancelled in any order. */
    @Test
    void ofAMillionTimersTheUncancelledFireOnceAndInOrder() {
        var random = new Random(17);
        var timers = new ArrayList<Timer>();
        for (var i = 0; i < 1_000_000; i++) {
            timers.add(sendAfter(Duration.ofMillis(random.nextInt(3_600_000)), self(), i));
        }
        assertThat(node.timerCount()).isEqualTo(1_000_000);
        Collections.shuffle(timers, random);
        var kept = timers.subList(0, 500_000);
        timers.subList(500_000, 1_000_000)
                .forEach(timer -> assertThat(timer.cancel()).isTrue());
        assertThat(node.timerCount()).isEqualTo(500_000);

        var due = new long[1_000_000];
        kept.forEach(timer -> due[(Integer) timer.message] = timer.deadline + 1);
        node.advance(Duration.ofHours(1));
        var last = 0L;
        for (var i = 0; i < 500_000; i++) {
            int number = receive(Integer.class);
            assertThat(due[number])
                    .as("%s fires once, and was not cancelled", number)
                    .isPositive();
            assertThat(due[number]).isGreaterThanOrEqualTo(last);
            last = due[number];
            due[number] = 0;
        }
        assertThat(nothingCame()).isTrue();
        assertThat(node.timerCount()).isZero();
    }
}
