package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel against the obvious model: a list of deadlines. */
class TimerWheelTest {
    private static final long TICK = 1 << 18;

    private final Node node = Node.start(Node.Config.DEFAULT.withVirtualTime());
    private final LocalProcess target = (LocalProcess) node.spawn(Spawn.DEFAULT, (Receiver) message -> {});

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noTimerIsEarlyNoneIsLostNoneIsMoreThanATickLate(long seed) {
        var random = new Random(seed);
        var now = 1_000_000_007L * seed;
        var wheel = new TimerWheel(now, TimerWheel.COARSE);
        var pending = new ArrayList<Timer>();
        for (var step = 0; step < 20_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    // Deadlines of every magnitude, from the past to months ahead.
                    var delay = random.nextLong(1L << random.nextInt(1, 54)) - 1_000;
                    var timer = new Timer(now + delay, target, "m", wheel);
                    wheel.start(timer);
                    pending.add(timer);
                }
                case 2 -> {
                    if (!pending.isEmpty()) {
                        assertThat(pending.remove(random.nextInt(pending.size()))
                                        .cancel())
                                .isTrue();
                    }
                }
                default -> {
                    now += random.nextLong(1L << random.nextInt(1, 50));
                    for (var due = wheel.advance(now); due != null; due = due.next) {
                        assertThat(due.deadline).isLessThanOrEqualTo(now);
                        assertThat(pending.remove(due)).isTrue();
                    }
                    var latest = now - TICK;
                    assertThat(pending).noneMatch(timer -> timer.deadline < latest);
                }
            }
            assertThat(wheel.size()).isEqualTo(pending.size());
            var next = wheel.nextDeadline();
            var current = now;
            assertThat(pending).allMatch(timer -> next <= Math.max(timer.deadline, current) + 2 * TICK);
        }
    }

    @Test
    void virtualTimeFiresInOrder() {
        try (var self = node.attach(Spawn.DEFAULT)) {
            for (var i = 100; i > 0; i--) {
                Proc.sendAfter(java.time.Duration.ofSeconds(i), self.pid(), i);
            }
            node.advance(java.time.Duration.ofSeconds(99));
            for (var i = 1; i <= 99; i++) {
                assertThat(Proc.receive(Integer.class)).isEqualTo(i);
            }
            assertThat(node.timerCount()).isEqualTo(1);
            assertThat(node.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(99));
        }
    }
}
