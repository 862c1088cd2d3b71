package dev.martlet.otp;

import static dev.martlet.otp.Child.Restart.*;
import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.AutoShutdown.*;
import static dev.martlet.otp.Supervisor.Strategy.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of OTP's supervisor_SUITE that are not in SupervisorTest, and what goes beyond OTP. */
class SupervisorCasesTest {
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

    private static SupervisorRef.State state(SupervisorRef tree, String id) {
        return tree.children().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow()
                .state();
    }

    /** A child whose start fails while it is told to. */
    private Child flaky(String id, AtomicBoolean broken, AtomicInteger starts) {
        return Child.of(id, spawn -> {
            starts.incrementAndGet();
            if (broken.get()) {
                throw new IllegalStateException("no disk");
            }
            return new Worker(id, test.pid()).child().start().start(spawn);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "PERMANENT, end, true", "PERMANENT, shutdown, true", "PERMANENT, crash, true", "PERMANENT, kill, true",
        "TRANSIENT, end, false", "TRANSIENT, shutdown, false", "TRANSIENT, crash, true", "TRANSIENT, kill, true",
        "TEMPORARY, end, false", "TEMPORARY, shutdown, false", "TEMPORARY, crash, false", "TEMPORARY, kill, false",
    })
    void whoComesBackAfterWhat(Child.Restart restart, String end, boolean back) {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a").restart(restart), worker("b")));
        expect("+a", "+b");
        tell(tree, "a", end);
        expect("-a");
        if (back) {
            expect("+a");
            assertThat(state(tree, "a")).isEqualTo(SupervisorRef.State.RUNNING);
        } else {
            test.await("the end to be noticed", () -> tree.pidOf("a").isEmpty());
            test.refuteReceive(String.class);
        }
        assertThat(tree.children()).hasSize(restart == TEMPORARY ? 1 : 2);
    }

    @Test
    void siblingsThatAreTemporaryDoNotComeBackWithTheOthers() {
        var tree =
                test.start(Supervisor.of(ONE_FOR_ALL, worker("a"), worker("t").restart(TEMPORARY), worker("c")));
        expect("+a", "+t", "+c");
        tell(tree, "c", "crash");
        expect("-c", "-t", "-a", "+a", "+c");
        assertThat(tree.children()).extracting(SupervisorRef.Status::id).containsExactly("a", "c");
    }

    @Test
    void aSiblingThatFailsWhileTheGroupRestartsIsTriedWithTheGroup() {
        var broken = new AtomicBoolean();
        var starts = new AtomicInteger();
        var tree = test.start(Supervisor.of(ONE_FOR_ALL, worker("a"), flaky("b", broken, starts), worker("c"))
                .maxRestarts(1_000_000, Duration.ofSeconds(5)));
        expect("+a", "+b", "+c");
        broken.set(true);
        tell(tree, "a", "crash");
        expect("-a", "-c", "-b", "+a");
        test.await("b to be tried again", () -> starts.get() > 3);
        broken.set(false);
        test.await(
                "all to run",
                () -> tree.children().stream().allMatch(c -> c.pid().isPresent()));
        var events = new ArrayList<String>();
        while (!events.contains("+c")) {
            events.add(test.assertReceive(String.class));
        }
        assertThat(events.subList(events.size() - 3, events.size())).containsExactly("+a", "+b", "+c");
    }

    @Test
    void nothingIsLeftWhenAStartFails_F07() {
        var hangs = child(new Hangs()).id("hangs").startWithin(Duration.ofSeconds(2));
        var failure = new ArrayList<Throwable>();
        var starter = test.node().spawn(Spawn.DEFAULT.trappingExits(), () -> {
            try {
                Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b"), hangs, worker("never"))
                        .start();
            } catch (StartFailed e) {
                failure.add(e);
            }
        });
        expect("+a", "+b");
        test.await(
                "the start to wait for init",
                () -> test.node().processCount() >= 6 || test.node().timerCount() > 0);
        while (starter.isAlive()) {
            test.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(1_000_000);
        }
        expect("-b", "-a");
        assertThat(failure.getFirst())
                .hasMessageContaining("Hangs failed to start")
                .hasMessageContaining("init did not return within 2000 ms");
        test.await("nothing to be left", () -> test.node().processCount() == 1);
    }

    record Hangs() implements GenServer<String, String> {
        @Override
        public String init(Ref<String> self) {
            Proc.sleep(Duration.ofDays(1));
            return "";
        }

        @Override
        public Next<String> handle(String message, String state) {
            return next(state);
        }
    }

    @Test
    void whoIgnoresShutdownIsKilledAtItsTimeAndTheTotalIsTheSum_F08() {
        var deaf = Child.of(
                        "",
                        spawn -> Node.current().spawn(spawn, () -> {
                            Proc.trapExit(true);
                            Proc.receive(m -> null);
                        }))
                .shutdown(Duration.ofSeconds(10));
        var ready = Child.of(
                "last", spawn -> new Worker("last", test.pid()).child().start().start(spawn));
        var tree = test.start(Supervisor.of(
                ONE_FOR_ONE, deaf.id("a"), deaf.id("b"), deaf.id("c").shutdown(Duration.ZERO), ready));
        expect("+last");
        var pids = tree.children().stream().map(c -> c.pid().orElseThrow()).toList();
        var closer = Proc.spawn(tree::close);
        expect("-last");
        test.await("c to be killed and b to be asked", () -> !pids.get(2).isAlive());
        var virtual = Duration.ZERO;
        while (closer.isAlive()) {
            test.advance(Duration.ofSeconds(1));
            virtual = virtual.plusSeconds(1);
            LockSupport.parkNanos(2_000_000);
        }
        assertThat(virtual).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
        assertThat(pids).noneMatch(Pid::isAlive);
        assertThat(Proc.awaitExit(pids.get(0), Duration.ZERO)).contains(ExitReason.KILLED);
        assertThat(Proc.awaitExit(pids.get(1), Duration.ZERO)).contains(ExitReason.KILLED);
    }

    @Test
    void aChildThatFailsInInitForEverEscalatesAndTheLogStaysSmall_F06() {
        var broken = new AtomicBoolean();
        var starts = new AtomicInteger();
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), flaky("b", broken, starts))
                .maxRestarts(500, Duration.ofSeconds(5)));
        expect("+a", "+b");
        broken.set(true);
        try (var log = LogLines.of(Supervisor.class)) {
            tell(tree, "b", "crash");
            var exit = test.assertReceive(Exit.class);
            assertThat(exit.reason()).isInstanceOf(ExitReason.Shutdown.class);
            assertThat(exit.reason().toString())
                    .contains("reached max restart intensity: 500 restarts within 5000 ms")
                    .contains("the last child to end was b: crashed")
                    .contains("no disk");
            // 20 a second and the last word; the storm may have taken a little longer than one second.
            assertThat(log.lines()).hasSizeBetween(2, 121);
            assertThat(log.lines().getLast()).contains("gives up");
        }
        assertThat(starts).hasValue(501);
    }

    @Test
    void significantChildrenEndTheSupervisorInOrder() {
        var any = test.start(Supervisor.of(
                        ONE_FOR_ONE,
                        worker("a"),
                        worker("s").restart(TRANSIENT).significant(),
                        worker("t").restart(TEMPORARY).significant())
                .autoShutdown(ANY_SIGNIFICANT));
        expect("+a", "+s", "+t");
        tell(any, "s", "crash");
        expect("-s", "+s");
        tell(any, "s", "end");
        expect("-s", "-t", "-a");
        assertThat(test.assertReceive(Exit.class)).isEqualTo(new Exit(any.pid(), ExitReason.SHUTDOWN));
    }

    @Test
    void theLastSignificantChildEndsTheSupervisorIfAllHaveTo() {
        var all = test.start(Supervisor.of(
                        ONE_FOR_ONE,
                        worker("a").restart(TRANSIENT),
                        worker("s").restart(TRANSIENT).significant(),
                        worker("t").restart(TEMPORARY).significant())
                .autoShutdown(ALL_SIGNIFICANT));
        expect("+a", "+s", "+t");
        tell(all, "t", "crash");
        expect("-t");
        tell(all, "a", "end");
        expect("-a");
        assertThat(all.children()).hasSize(2);
        // Ended by hand it does not count as having ended.
        all.terminateChild("s");
        expect("-s");
        assertThat(all.pid().isAlive()).isTrue();
        all.restartChild("s");
        expect("+s");
        tell(all, "s", "end");
        expect("-s");
        assertThat(test.assertReceive(Exit.class).reason()).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void policiesThatMeanNothingAreRefused() {
        var significant = worker("s").significant();
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ONE, significant).start())
                .hasMessageContaining("\"s\" is in one with NEVER");
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ONE, significant)
                        .autoShutdown(ANY_SIGNIFICANT)
                        .start())
                .hasMessageContaining("\"s\" is permanent");
        var aside = worker("q").quarantine(1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ALL, aside).start())
                .hasMessageContaining("\"q\" is in a supervisor of ONE_FOR_ALL");
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ONE).maxRestarts(-1, Duration.ofSeconds(1)))
                .hasMessageContaining("got: -1 within 1000 ms");
    }

    @Test
    void backoffWaitsWithinItsBoundsAndStartsOver() {
        var waits = new CopyOnWriteArrayList<Duration>();
        var tree = test.start(
                Supervisor.of(ONE_FOR_ONE, worker("a").backoff(Duration.ofMillis(100), Duration.ofSeconds(1)))
                        .maxRestarts(100, Duration.ofSeconds(5)));
        expect("+a");
        try (var _ = test.node().telemetry().attach(OtpEvent.ChildRestarting.class, e -> waits.add(e.pause()))) {
            for (var i = 0; i < 8; i++) {
                tell(tree, "a", "crash");
                expect("-a");
                var soFar = i + 1;
                test.await("the wait", () -> waits.size() == soFar);
                assertThat(tree.children()).hasSize(1); // answered after the end has been dealt with
                test.advance(Duration.ofSeconds(1));
                expect("+a");
            }
            for (var i = 0; i < waits.size(); i++) {
                assertThat(waits.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(Math.min(100L << i, 1_000)));
            }
            assertThat(waits.stream().distinct().count()).as("jitter").isGreaterThan(4);
            test.advance(Duration.ofSeconds(2)); // long enough to be well again
            waits.clear();
            tell(tree, "a", "crash");
            expect("-a");
            test.await("the first wait again", () -> !waits.isEmpty());
            assertThat(waits.getFirst()).isLessThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void theGroupWaitsWithItsMemberAndGoesOnWithoutItIfThatIsTerminated() {
        var tree = test.start(Supervisor.of(
                REST_FOR_ONE, worker("a"), worker("b").backoff(Duration.ofDays(1), Duration.ofDays(1)), worker("c")));
        expect("+a", "+b", "+c");
        tell(tree, "b", "crash");
        expect("-b", "-c");
        test.await("the wait", () -> state(tree, "b") == SupervisorRef.State.RESTARTING);
        assertThat(state(tree, "c")).isEqualTo(SupervisorRef.State.RESTARTING);
        assertThat(state(tree, "a")).isEqualTo(SupervisorRef.State.RUNNING);
        tree.terminateChild("b");
        expect("+c");
        assertThat(state(tree, "b")).isEqualTo(SupervisorRef.State.STOPPED);
    }

    @Test
    void quarantineSetsAsideProbesAndForgives() {
        var broken = new AtomicBoolean();
        var starts = new AtomicInteger();
        var tree = test.start(Supervisor.of(
                        ONE_FOR_ONE,
                        worker("a"),
                        flaky("q", broken, starts).quarantine(2, Duration.ofMinutes(1), Duration.ofMinutes(5)))
                .maxRestarts(0, Duration.ofSeconds(5)));
        expect("+a", "+q");
        broken.set(true);
        tell(tree, "q", "crash");
        expect("-q");
        test.await("quarantine", () -> state(tree, "q") == SupervisorRef.State.QUARANTINED);
        assertThat(starts).as("the first start and two tolerated restarts").hasValue(3);
        assertThat(state(tree, "a")).isEqualTo(SupervisorRef.State.RUNNING);

        test.advance(Duration.ofMinutes(5)); // the probe fails
        test.await("one probe", () -> starts.get() == 4 && test.node().timerCount() > 0);
        assertThat(state(tree, "q")).isEqualTo(SupervisorRef.State.QUARANTINED);

        broken.set(false);
        test.advance(Duration.ofMinutes(5)); // the probe starts, and crashes soon: aside again, at once
        expect("+q");
        assertThat(state(tree, "q")).isEqualTo(SupervisorRef.State.PROBING);
        tell(tree, "q", "crash");
        expect("-q");
        test.await("quarantine", () -> state(tree, "q") == SupervisorRef.State.QUARANTINED);

        test.advance(Duration.ofMinutes(5)); // the probe lives long enough: well again
        expect("+q");
        test.advance(Duration.ofMinutes(1));
        assertThat(state(tree, "q")).isEqualTo(SupervisorRef.State.RUNNING);
        tell(tree, "q", "crash");
        expect("-q", "+q");
        assertThat(tree.pid().isAlive()).isTrue();
    }

    @Test
    void aQuarantinedChildCanBeTriedByHand() {
        var broken = new AtomicBoolean();
        var tree = test.start(Supervisor.of(
                ONE_FOR_ONE,
                flaky("q", broken, new AtomicInteger()).quarantine(0, Duration.ofMinutes(1), Duration.ofDays(1))));
        expect("+q");
        broken.set(true);
        tell(tree, "q", "crash");
        expect("-q");
        test.await("quarantine", () -> state(tree, "q") == SupervisorRef.State.QUARANTINED);
        assertThatThrownBy(() -> tree.restartChild("q")).isInstanceOf(StartFailed.class);
        assertThat(state(tree, "q")).isEqualTo(SupervisorRef.State.QUARANTINED);
        broken.set(false);
        test.advance(Duration.ofDays(1)); // the failed try by hand has not cancelled the probe
        expect("+q");
    }

    @Test
    void aRestartThatIsDueComesToAFullMailboxToo() {
        var tree = test.start(
                Supervisor.of(ONE_FOR_ONE, worker("a").backoff(Duration.ofMinutes(1), Duration.ofMinutes(1))));
        expect("+a");
        tell(tree, "a", "crash");
        expect("-a");
        test.await("the wait", () -> state(tree, "a") == SupervisorRef.State.RESTARTING);
        // While it starts another child it reads nothing, and its mailbox fills up.
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var adder = Proc.spawn(() -> tree.startChild(Child.of("slow", spawn -> {
            entered.countDown();
            gate.await();
            return new Worker("slow", test.pid()).child().start().start(spawn);
        })));
        test.await("the start", () -> entered.getCount() == 0);
        var noise = 0;
        while (Proc.offer(tree.pid(), "noise")) {
            noise++;
        }
        assertThat(noise).isPositive();
        test.advance(Duration.ofMinutes(1));
        gate.countDown();
        expect("+slow", "+a");
        test.await("the answer", () -> !adder.isAlive());
    }

    @Test
    void childrenAreDeletedWhenTheyDoNotRun() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a")));
        expect("+a");
        assertThatThrownBy(() -> tree.deleteChild("a")).hasMessageContaining("a is RUNNING");
        assertThatThrownBy(() -> tree.restartChild("a")).hasMessageContaining("is running");
        tree.terminateChild("a");
        expect("-a");
        assertThat(tree.deleteChild("a")).isTrue();
        assertThat(tree.deleteChild("a")).isFalse();
        assertThat(tree.children()).isEmpty();
        assertThatThrownBy(() -> tree.restartChild("a")).hasMessageContaining("no child with the id a");
    }

    @Test
    void anErrorInAStartIsAFailedStart() {
        var broken = Child.of("broken", spawn -> {
            throw new NoClassDefFoundError("driver");
        });
        assertThatThrownBy(() -> Supervisor.of(ONE_FOR_ONE, worker("a"), broken).start())
                .isInstanceOf(StartFailed.class)
                .hasMessage("child broken failed to start: driver");
        expect("+a", "-a");
    }

    @Test
    void closingDoesNotHarmWhoIsLinked() {
        var me = test.pid();
        var linked = test.node().spawn(Spawn.DEFAULT, () -> {
            Supervisor.of(ONE_FOR_ONE, worker("a")).start().close();
            Proc.send(me, "alive");
        });
        expect("+a", "-a", "alive");
        test.await("its end", () -> !linked.isAlive());
    }

    @Test
    void aSupervisorThatIsKilledTakesItsChildrenAlong() {
        var tree = test.start(Supervisor.of(ONE_FOR_ONE, worker("a"), worker("b")));
        expect("+a", "+b");
        var pids = tree.children().stream().map(c -> c.pid().orElseThrow()).toList();
        Proc.kill(tree.pid());
        test.await("the children's end", () -> pids.stream().noneMatch(p -> p.isAlive()));
        assertThat(test.assertReceive(Exit.class).reason()).isEqualTo(ExitReason.KILLED);
    }

    @Test
    void theWindowOfRestartsGrowsAndSlides() {
        var restarts = new Restarts(1_000, Duration.ofNanos(100));
        for (var now = 0L; now < 10_000; now++) {
            assertThat(restarts.allows(now)).isTrue();
        }
        var few = new Restarts(3, Duration.ofNanos(100));
        assertThat(List.of(few.allows(1), few.allows(50), few.allows(60), few.allows(70)))
                .containsExactly(true, true, true, false);
        assertThat(few.allows(102)).as("the first is out of the window").isTrue();
        assertThat(few.allows(103)).isFalse();
        assertThat(new Restarts(0, Duration.ofNanos(1)).allows(0)).isFalse();
    }
}
