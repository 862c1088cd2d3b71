package dev.martlet.otp;

import static dev.martlet.otp.Child.Restart.*;
import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Exit;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private static final Ref<Counter.Msg> VISITS = Ref.named("visits", Counter.Msg.class);

    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    private Child worker(String name) {
        return child(new Worker(name, test.pid())).id(name);
    }

    private void expect(String... events) {
        for (var event : events) {
            assertThat(test.assertReceive(String.class)).isEqualTo(event);
        }
    }

    private static void tell(SupervisorRef tree, String id, String what) {
        Ref.<String>of(tree.pidOf(id).orElseThrow()).cast(what);
    }

    @Test
    void aCrashedChildComesBackFreshUnderItsName() {
        test.start(Supervisor.of(ONE_FOR_ONE, child(new Counter(0)).named(VISITS)));
        VISITS.cast(new Counter.Msg.Add(9));
        test.crash(VISITS);
        test.awaitRestart(VISITS);
        long n = VISITS.call(new Counter.Msg.Get());
        assertThat(n).isZero();
    }

    @Test
    void childrenStartInOrderAndStopInReverse() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b"), worker("c")));
        expect("+a", "+b", "+c");
        tree.close();
        expect("-c", "-b", "-a");
    }

    @Test
    void oneForOneRestartsTheOne() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b")));
        expect("+a", "+b");
        tell(tree, "a", "crash");
        expect("-a", "+a");
        test.refuteReceive(String.class);
    }

    @Test
    void restForOneTakesTheLaterOnes() {
        var tree = test.start(Supervisor.of(REST_FOR_ONE, worker("a"), worker("b"), worker("c")));
        expect("+a", "+b", "+c");
        tell(tree, "b", "crash");
        expect("-b", "-c", "+b", "+c");
    }

    @Test
    void oneForAllTakesAll() {
        var tree = test.start(Supervisor.of(ONE_FOR_ALL, worker("a"), worker("b"), worker("c")));
        expect("+a", "+b", "+c");
        tell(tree, "b", "crash");
        expect("-b", "-c", "-a", "+a", "+b", "+c");
    }

    @Test
    void restartTypesAreKept() {
        var tree = test.start(Supervisor.of(
                ONE_FOR_ONE,
                worker("always"),
                worker("crashes").restart(TRANSIENT),
                worker("never").restart(TEMPORARY)));
        expect("+always", "+crashes", "+never");
        tell(tree, "never", "crash");
        expect("-never");
        tell(tree, "crashes", "end");
        expect("-crashes");
        tell(tree, "always", "end");
        expect("-always", "+always");
        assertThat(tree.children()).extracting(SupervisorRef.Status::id).containsExactly("always", "crashes");
        assertThat(tree.pidOf("crashes")).isEmpty();
        tree.restartChild("crashes");
        expect("+crashes");
        tell(tree, "crashes", "crash");
        expect("-crashes", "+crashes");
    }

    @Test
    void tooManyRestartsEndTheSupervisor() {
        var tree =
                test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b")).maxRestarts(2, Duration.ofSeconds(5)));
        expect("+a", "+b");
        for (var i = 0; i < 2; i++) {
            tell(tree, "a", "crash");
            expect("-a", "+a");
        }
        tell(tree, "a", "crash");
        expect("-a", "-b");
        var exit = test.assertReceive(Exit.class);
        assertThat(exit.from()).isEqualTo(tree.pid());
        assertThat(exit.reason().toString()).contains("reached max restart intensity: 2 restarts within 5000 ms");
    }

    @Test
    void restartsLongAgoAreForgiven() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a")).maxRestarts(1, Duration.ofSeconds(5)));
        expect("+a");
        for (var i = 0; i < 5; i++) {
            tell(tree, "a", "crash");
            expect("-a", "+a");
            test.advance(Duration.ofSeconds(6));
        }
    }

    @Test
    void aChildThatCannotStartRollsBackThoseBefore() {
        var broken = Child.of("broken", spawn -> {
            throw new IllegalStateException("no disk");
        });
        assertThatThrownBy(() -> test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b"), broken)))
                .isInstanceOf(StartFailed.class)
                .hasMessage("child broken failed to start: no disk");
        expect("+a", "+b", "-b", "-a");
    }

    @Test
    void aChildThatCannotRestartIsTriedUntilTheIntensityIsReached() {
        var starts = new AtomicInteger();
        var flaky = Child.of("flaky", spawn -> {
            if (starts.incrementAndGet() > 1) {
                throw new IllegalStateException("gone");
            }
            return new Worker("w", test.pid()).child().start().start(spawn);
        });
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, flaky).maxRestarts(3, Duration.ofSeconds(5)));
        expect("+w");
        tell(tree, "flaky", "crash");
        test.assertReceive(Exit.class);
        assertThat(starts).hasValue(4);
    }

    @Test
    void childrenCanBeAddedTerminatedAndRestarted() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE));
        tree.startChild(worker("a"));
        expect("+a");
        assertThatThrownBy(() -> tree.startChild(worker("a"))).hasMessageContaining("id a already");
        assertThat(tree.terminateChild("a")).isTrue();
        expect("-a");
        assertThat(tree.terminateChild("x")).isFalse();
        tree.restartChild("a");
        expect("+a");
    }

    @Test
    void duplicateIdsAreRefusedNamingBoth() {
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b"), worker("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("child 1 and child 3");
    }

    @Test
    void treesNestAndFallTogether() {
        var inner = Supervisor.of(ONE_FOR_ONE, worker("a")).child().id("inner");
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, inner, worker("b")));
        expect("+a", "+b");
        tree.close();
        expect("-b", "-a");
        test.await("the last of them to be let go", () -> test.node().processCount() == 1);
    }
}
