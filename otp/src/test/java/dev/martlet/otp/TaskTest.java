package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Task.Outcome;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {
    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    private static <T> T never() {
        Proc.receive(m -> null);
        throw new AssertionError("not reached");
    }

    /** Lets virtual time pass until that process has ended. */
    private void pass(Pid until) {
        while (until.isAlive()) {
            test.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void twoAtOnceAndTheirResults() {
        var latch = new CountDownLatch(1);
        var one = Task.async(() -> {
            latch.await();
            return 1;
        });
        var two = Task.async(() -> {
            latch.countDown();
            return 2;
        });
        assertThat(one.await() + two.await()).isEqualTo(3);
        assertThat(one.await()).as("asked again").isEqualTo(1);
        assertThat(Task.<String>async(() -> null).await()).isNull();
    }

    @Test
    void manyAreAwaitedTogether() {
        var tasks = IntStream.range(0, 10).mapToObj(i -> Task.async(() -> i)).toList();
        assertThat(Task.awaitAll(tasks, Duration.ofSeconds(1))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        var reader = Proc.spawn(() -> {
            Proc.trapExit(true);
            List<Task<Object>> slow = List.of(Task.async(() -> 1), Task.async(TaskTest::never));
            Task.awaitAll(slow, Duration.ofSeconds(2));
        });
        pass(reader);
        assertThat(Proc.awaitExit(reader, Duration.ZERO).orElseThrow().toString())
                .contains("had no result within");
    }

    @Test
    void aFailureEndsTheOwnerWithTheTaskUnlessItTraps() {
        var owner = Proc.spawn(() -> Task.async(() -> {
                    throw new IllegalStateException("boom");
                })
                .await());
        assertThat(Proc.awaitExit(owner, Duration.ofDays(1)).orElseThrow().toString())
                .contains("boom");

        Task<Integer> trapped = Task.async(() -> {
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(trapped::await)
                .isInstanceOf(TaskFailed.class)
                .hasRootCauseMessage("boom")
                .hasMessageContaining(trapped.pid().toString());
        assertThat(test.assertReceive(Exit.class).from()).isEqualTo(trapped.pid());
    }

    @Test
    void waitingTooLongKillsTheTaskAndTheOwnerLivesOn() {
        var me = test.pid();
        var tasks = new ArrayList<Task<String>>();
        var owner = Proc.spawn(() -> {
            var task = Task.<String>async(TaskTest::never);
            tasks.add(task);
            Proc.send(me, "waiting");
            try {
                task.await(Duration.ofSeconds(3));
            } catch (TaskFailed.TimedOut e) {
                Proc.send(me, e);
            }
        });
        test.assertReceive(String.class);
        pass(owner);
        assertThat(test.assertReceive(TaskFailed.TimedOut.class))
                .hasMessage("task " + tasks.getFirst().pid() + " had no result within 3000 ms and was killed");
        assertThat(tasks.getFirst().pid().isAlive()).isFalse();
    }

    @Test
    void yieldLooksAndMayLookAgain() {
        var go = new CountDownLatch(1);
        var task = Task.async(() -> {
            go.await();
            return "done";
        });
        assertThat(task.yield(Duration.ZERO)).isEmpty();
        go.countDown();
        test.await("the end", () -> !task.pid().isAlive());
        assertThat(task.yield(Duration.ZERO)).contains(new Outcome.Done<>("done"));
    }

    @Test
    void shutdownAsksWaitsAndKills() {
        var meek = Task.async(TaskTest::never);
        assertThat(meek.shutdown(Duration.ofDays(1))).isEmpty();
        assertThat(meek.pid().isAlive()).isFalse();

        var trapping = new CountDownLatch(1);
        var tidy = Task.async(() -> {
            Proc.trapExit(true);
            trapping.countDown();
            return Proc.receive(Exit.class).reason();
        });
        await(trapping);
        assertThat(tidy.shutdown(Duration.ofDays(1))).contains(new Outcome.Done<>(ExitReason.SHUTDOWN));

        var done = Task.async(() -> 1);
        test.await("the end", () -> !done.pid().isAlive());
        assertThat(done.shutdown(Duration.ZERO)).contains(new Outcome.Done<>(1));
        test.refuteReceive(TaskFailed.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoeverEndsWhileItWaitsForAShutdownLeavesNothing_F20() {
        var trapping = new CountDownLatch(1);
        var task = new ArrayList<Task<Object>>();
        var owner = Proc.spawn(() -> {
            task.add(Task.async(() -> {
                Proc.trapExit(true);
                trapping.countDown();
                while (true) {
                    Proc.receive(Exit.class); // deaf to requests
                    trapping.countDown();
                }
            }));
            trapping.await();
            task.getFirst().shutdown(Duration.ofDays(1));
        });
        await(trapping);
        test.await("the guard", () -> test.node().processCount() == 4);
        Proc.kill(owner);
        test.await("its end", () -> !task.getFirst().pid().isAlive());
        test.await("nothing to be left", () -> test.node().processCount() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "crash", "kill"})
    void noOrphans_F20(String how) {
        var up = new CountDownLatch(12);
        var supervised = TaskSupervisor.of("tasks");
        test.start(Supervisor.of(ONE_FOR_ONE, child(supervised)));
        var before = test.node().processCount();
        var owner = Proc.spawn(() -> {
            for (var i = 0; i < 4; i++) {
                Task.async(() -> trapping(up));
                supervised.async(() -> trapping(up));
            }
            var me = Proc.self();
            Proc.spawn(() -> {
                Proc.endWith(me);
                TaskStream.of(List.of(1, 2, 3, 4), 4, _ -> trapping(up))
                        .values()
                        .forEach(_ -> {});
            });
            switch (Proc.receive(String.class)) {
                case "crash" -> throw new IllegalStateException("boom");
                case "normal" -> Proc.exit(ExitReason.NORMAL);
                default -> never();
            }
        });
        await(up);
        if (how.equals("kill")) {
            Proc.kill(owner);
        } else {
            Proc.send(owner, how);
        }
        test.await("no orphans", () -> test.node().processCount() == before);
        test.await("the supervisor to know", () -> supervised.count() == 0);
    }

    private static int trapping(CountDownLatch up) {
        Proc.trapExit(true);
        up.countDown();
        return never();
    }

    @Test
    void aServerTakesTheResultAsAMessage() {
        record Loaded(Outcome<String> outcome) {}
        Ref<Object> me = Ref.of(test.pid());
        Task.async(() -> "page").sendTo(me, Loaded::new);
        assertThat(test.assertReceive(Loaded.class).outcome()).isEqualTo(new Outcome.Done<>("page"));
        var task = Task.<String>async(TaskTest::never);
        task.sendTo(me, Loaded::new);
        Proc.kill(task.pid());
        assertThat(test.assertReceive(Loaded.class).outcome()).isEqualTo(new Outcome.Failed<>(ExitReason.KILLED));
    }

    // ---- streams ---------------------------------------------------------------------------------------------

    @Test
    void aStreamKeepsOrderAndBoundsWhatRuns() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var items = IntStream.range(0, 200).boxed().toList();
        var results = Task.stream(items, 4, i -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    return i * 2;
                })
                .toList();
        assertThat(results).isEqualTo(items.stream().map(i -> i * 2).toList());
        assertThat(most.get()).isBetween(1, 4);
        test.await("nothing to be left", () -> test.node().processCount() == 1);
    }

    @Test
    void unorderedResultsComeAsTheyAreReady() {
        var first = new CountDownLatch(1);
        var seen = new ArrayList<Integer>();
        TaskStream.of(List.of(1, 2, 3), 2, i -> {
                    if (i == 1) {
                        first.await();
                    }
                    return i;
                })
                .unordered()
                .values()
                .forEach(i -> {
                    seen.add(i);
                    if (seen.size() == 2) {
                        first.countDown();
                    }
                });
        assertThat(seen).containsExactly(2, 3, 1);
    }

    @Test
    void itIsLazyAndStopsWhenItIsClosed() {
        var started = new AtomicInteger();
        try (var stream = Task.stream(IntStream.range(0, 1_000).boxed().toList(), 3, i -> {
            started.incrementAndGet();
            return i;
        })) {
            assertThat(started).hasValue(0);
            assertThat(stream.findFirst()).contains(0);
        }
        assertThat(started.get()).isLessThanOrEqualTo(4);
        test.await("nothing to be left", () -> test.node().processCount() == 1);
    }

    @Test
    void failuresEndAStreamOfValuesAndAreOutcomesOtherwise() {
        Task.Work<Integer, Integer> third = i -> {
            if (i == 3) {
                throw new IllegalStateException("three");
            }
            return i;
        };
        var items = List.of(1, 2, 3, 4);
        assertThatThrownBy(() -> Task.stream(items, 2, third).toList())
                .isInstanceOf(TaskFailed.class)
                .hasRootCauseMessage("three");
        var outcomes = TaskStream.of(items, 2, third).outcomes().toList();
        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(3)).isEqualTo(new Outcome.Done<>(4));
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        f -> assertThat(f.reason().toString()).contains("three"));
        test.await("nothing to be left", () -> test.node().processCount() == 1);
    }

    @Test
    void eachItemHasItsTime() {
        var me = test.pid();
        var reader = Proc.spawn(() -> {
            try {
                TaskStream.of(List.of(1, 2), 2, i -> i == 1 ? i : TaskTest.<Integer>never())
                        .timeout(Duration.ofSeconds(2))
                        .values()
                        .forEach(i -> Proc.send(me, i));
            } catch (TaskFailed.TimedOut e) {
                Proc.send(me, e);
            }
        });
        assertThat(test.assertReceive(Integer.class)).isEqualTo(1);
        pass(reader);
        assertThat(test.assertReceive(TaskFailed.TimedOut.class)).hasMessageContaining("within 2000 ms");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Task.stream(List.of(1), 0, i -> i)).hasMessageContaining("got: 0");
    }

    // ---- supervised ------------------------------------------------------------------------------------------

    @Test
    void supervisedTasksOutliveTheirStarterOrNot() {
        var tasks = TaskSupervisor.of("tasks").maxChildren(2);
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, child(tasks)));
        var me = test.pid();
        var owner = Proc.spawn(() -> {
            Proc.send(me, tasks.asyncNolink(TaskTest::never).pid());
            Proc.send(me, tasks.async(TaskTest::never).pid());
            Proc.receive(m -> null);
        });
        var unlinked = test.assertReceive(Pid.class);
        var linked = test.assertReceive(Pid.class);
        assertThat(tasks.children()).containsExactlyInAnyOrder(unlinked, linked);
        assertThatThrownBy(() -> tasks.startChild(() -> {})).isInstanceOf(DynamicSupervisor.TooManyChildren.class);
        Proc.kill(owner);
        test.await("the linked one's end", () -> !linked.isAlive());
        assertThat(unlinked.isAlive()).isTrue();
        tree.close();
        assertThat(unlinked.isAlive()).isFalse();
    }

    @Test
    void aFailureOfAnUnlinkedTaskIsOnlyToldAndNotRestarted() {
        var tasks = TaskSupervisor.of("tasks");
        test.start(Supervisor.of(ONE_FOR_ONE, child(tasks)));
        var runs = new AtomicInteger();
        Task<Integer> task = tasks.asyncNolink(() -> {
            runs.incrementAndGet();
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(task::await).isInstanceOf(TaskFailed.class).hasRootCauseMessage("boom");
        test.await("it to be forgotten", () -> tasks.count() == 0);
        assertThat(runs).hasValue(1);
        assertThat(tasks.async(() -> 5).await()).isEqualTo(5);
        assertThat(Optional.of(tasks.pid()).filter(Pid::isAlive)).isPresent();
    }
}
