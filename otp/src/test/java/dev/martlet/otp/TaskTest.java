package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void tasksRunAtTheSameTimeAndAreAwaited() {
        var both = new CountDownLatch(2);
        var one = Task.async(() -> meet(both, 1));
        var two = Task.async(() -> meet(both, 2));
        assertThat(one.await() + two.await()).isEqualTo(3);
    }

    private static int meet(CountDownLatch both, int value) throws InterruptedException {
        both.countDown();
        both.await();
        return value;
    }

    @Test
    void aFailureIsThrownToWhoAwaits() {
        Task<String> task = Task.async(() -> {
            throw new IllegalArgumentException("no such user");
        });
        assertThatThrownBy(task::await).isInstanceOf(TaskFailed.class).hasRootCauseMessage("no such user");
    }

    @Test
    void anOwnerThatDoesNotTrapExitsEndsWithItsTask() {
        var owner = Node.current().spawn(Spawn.DEFAULT, () -> {
            Task.async(() -> {
                throw new IllegalStateException("boom");
            });
            Proc.receive(Object.class);
        });
        assertThat(Proc.awaitExit(owner, SOON))
                .hasValueSatisfying(why -> assertThat(why).isInstanceOf(ExitReason.Crashed.class));
    }

    /** F20: however the parent ends, no task is left. */
    @Test
    void noTaskOutlivesItsOwner() {
        var reasons = List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.KILLED, new ExitReason.Other("x"));
        for (var reason : reasons) {
            var tasks = new ConcurrentLinkedQueue<Pid>();
            var owner = Node.current().spawn(Spawn.DEFAULT, () -> {
                for (var i = 0; i < 10; i++) {
                    tasks.add(Task.async(() -> Proc.receive(Object.class)).pid());
                }
                if (reason == ExitReason.KILLED) {
                    Proc.receive(Object.class);
                }
                throw Proc.exit(reason);
            });
            test.await("the tasks", () -> tasks.size() == 10);
            if (reason == ExitReason.KILLED) {
                Proc.kill(owner);
            }
            for (var task : tasks) {
                assertThat(Proc.awaitExit(task, SOON)).as("after " + reason).isPresent();
            }
        }
    }

    @Test
    void yieldLooksAndShutdownStops() {
        var gate = new CountDownLatch(1);
        var task = Task.async(() -> {
            gate.await();
            return "done";
        });
        assertThat(task.yield(Duration.ZERO)).isEmpty();
        gate.countDown();
        assertThat(task.await(SOON)).isEqualTo("done");
        var endless = Task.async(() -> Proc.receive(Object.class));
        assertThat(endless.shutdown(SOON)).isEmpty();
        assertThat(endless.pid().isAlive()).isFalse();
    }

    @Test
    void aStreamKeepsOrderAndItsLimit() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var results = Task.stream(IntStream.range(0, 1_000).boxed().toList(), 8, i -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    return i * 2;
                })
                .toList();
        assertThat(results)
                .isEqualTo(IntStream.range(0, 1_000).map(i -> i * 2).boxed().toList());
        assertThat(most.get()).isBetween(1, 8);
    }

    @Test
    void aStreamTellsFailuresAsValuesOrThrowsThem() {
        var stream = TaskStream.of(List.of(1, 2, 3), 2, i -> {
            if (i == 2) {
                throw new IllegalStateException("two");
            }
            return i;
        });
        assertThat(stream.outcomes().map(o -> o instanceof Task.Outcome.Done<Integer>(var v) ? "" + v : "failed"))
                .containsExactly("1", "failed", "3");
        assertThatThrownBy(() -> stream.values().toList()).isInstanceOf(TaskFailed.class);
    }

    @Test
    void supervisedTasksEndWithTheTree() {
        var mails = TaskSupervisor.of("mails").maxChildren(3);
        var tree = Supervisor.of(ONE_FOR_ONE, child(mails)).start();
        assertThat(mails.async(() -> 42).await()).isEqualTo(42);
        var endless = IntStream.range(0, 3)
                .mapToObj(i -> mails.startChild(() -> Proc.receive(Object.class)))
                .toList();
        assertThat(mails.children()).containsExactlyInAnyOrderElementsOf(endless);
        assertThatThrownBy(() -> mails.startChild(() -> {})).isInstanceOf(DynamicSupervisor.TooManyChildren.class);
        assertThat(mails.terminateChild(endless.getFirst())).isTrue();
        tree.close();
        assertThat(endless).noneMatch(Pid::isAlive);
    }

    @Test
    void theFailureOfAnUnlinkedTaskIsOnlyTold() {
        var quotes = TaskSupervisor.of("quotes");
        test.start(Supervisor.of(ONE_FOR_ONE, child(quotes)));
        Task<String> task = quotes.asyncNolink(() -> {
            throw new IllegalStateException("market closed");
        });
        assertThat(task.yield(SOON)).hasValueSatisfying(o -> assertThat(o).isInstanceOf(Task.Outcome.Failed.class));
        task.sendTo(Ref.of(test.pid()), outcome -> outcome);
        assertThat(test.assertReceive(Task.Outcome.Failed.class).reason()).isInstanceOf(ExitReason.Crashed.class);
    }
}
