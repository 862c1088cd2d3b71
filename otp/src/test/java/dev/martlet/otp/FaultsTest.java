package dev.martlet.otp;

import static dev.martlet.otp.Child.Restart.*;
import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Down;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault cases of supervision, by their number in the list of cases; and what a supervisor adds to OTP's. */
class FaultsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    /** Says what it does; starts as {@code init} lets it, stops as {@code terminate} lets it. */
    private record Worker(String name, Pid listener, Step onInit, Step onStop) implements GenServer<String, String> {
        interface Step {
            void run() throws Exception;
        }

        Worker(String name, Pid listener) {
            this(name, listener, () -> {}, () -> {});
        }

        @Override
        public String init(Ref<String> self) throws Exception {
            Proc.send(listener, "+" + name);
            onInit.run();
            return name;
        }

        @Override
        public Next<String> handle(String message, String state) {
            throw new IllegalStateException(message);
        }

        @Override
        public void terminate(ExitReason reason, String state) throws Exception {
            onStop.run();
            Proc.send(listener, "-" + name);
        }

        @Override
        public Child child() {
            return GenServer.super.child().id(name);
        }
    }

    private void expect(String... events) {
        for (var event : events) {
            assertThat(test.assertReceive(String.class)).isEqualTo(event);
        }
    }

    @Test
    void f01ThrowingEndsLinksTellsMonitorsOnceAndRestartsOne() {
        var tree = test.start(Supervisor.of(
                ONE_FOR_ONE, child(new Worker("a", test.pid())), child(new Worker("sibling", test.pid()))));
        expect("+a", "+sibling");
        var a = tree.pidOf("a").orElseThrow();
        var sibling = tree.pidOf("sibling").orElseThrow();
        var linked = Node.current().spawn(Spawn.DEFAULT, () -> {
            Proc.link(a);
            Proc.send(test.pid(), "linked");
            Proc.receive(Object.class);
        });
        expect("linked");
        var monitors = IntStream.range(0, 100).mapToObj(i -> Proc.monitor(a)).toList();
        Ref.<String>of(a).cast("boom");
        for (var i = 0; i < monitors.size(); i++) {
            var down = test.assertReceive(Down.class);
            assertThat(down.reason().toString()).contains("boom");
            assertThat(monitors).contains(down.monitor());
        }
        assertThat(Proc.awaitExit(linked, SOON))
                .hasValueSatisfying(why -> assertThat(why).isInstanceOf(ExitReason.Crashed.class));
        expect("-a", "+a");
        assertThat(tree.pidOf("sibling")).contains(sibling);
        test.refuteReceive(Down.class);
        test.refuteReceive(String.class);
    }

    @Test
    void f06AChildThatNeverStartsEscalates() {
        var starts = new AtomicInteger();
        var dies = new AtomicInteger(1);
        var hopeless = new Worker(
                "hopeless",
                test.pid(),
                () -> {
                    if (starts.incrementAndGet() > dies.get()) {
                        throw new IllegalStateException("no database");
                    }
                },
                () -> {});
        var tree = Supervisor.of(ONE_FOR_ONE, child(hopeless))
                .maxRestarts(5, Duration.ofSeconds(5))
                .start();
        Ref.<String>of(tree.pidOf("hopeless").orElseThrow()).cast("boom");
        assertThat(Proc.awaitExit(tree.pid(), SOON))
                .hasValueSatisfying(
                        why -> assertThat(why.toString()).contains("intensity").contains("hopeless"));
        assertThat(starts.get()).isEqualTo(1 + 5);
    }

    @Test
    void f06OrIsSetAsideWhileItsSiblingsGoOn() {
        var broken = new AtomicInteger();
        var failed = new AtomicInteger();
        var flaky = new Worker(
                "flaky",
                test.pid(),
                () -> {
                    if (broken.get() > 0) {
                        failed.incrementAndGet();
                        throw new IllegalStateException("no database");
                    }
                },
                () -> {});
        var tree = test.start(Supervisor.of(
                        ONE_FOR_ONE,
                        child(flaky).quarantine(2, Duration.ofSeconds(5), Duration.ofMinutes(1)),
                        child(new Worker("sibling", test.pid())))
                .maxRestarts(0, Duration.ofSeconds(5)));
        expect("+flaky", "+sibling");
        broken.set(1);
        Ref.<String>of(tree.pidOf("flaky").orElseThrow()).cast("boom");
        test.await("the quarantine", () -> state(tree, "flaky") == SupervisorRef.State.QUARANTINED);
        assertThat(state(tree, "sibling")).isEqualTo(SupervisorRef.State.RUNNING);
        var before = failed.get();
        test.await("a probe, which fails", () -> {
            test.advance(Duration.ofMinutes(1));
            return failed.get() > before;
        });
        test.await("the next quarantine", () -> state(tree, "flaky") == SupervisorRef.State.QUARANTINED);
        broken.set(0);
        test.await("a probe that lives", () -> {
            test.advance(Duration.ofMinutes(1));
            return state(tree, "flaky") == SupervisorRef.State.PROBING
                    || state(tree, "flaky") == SupervisorRef.State.RUNNING;
        });
        test.advance(Duration.ofSeconds(6));
        test.await("its recovery", () -> state(tree, "flaky") == SupervisorRef.State.RUNNING);
    }

    private static SupervisorRef.State state(SupervisorRef tree, String id) {
        return tree.children().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void f07AChildThatHangsInItsStartRollsTheOthersBack() {
        var hanging = new Worker("hanging", test.pid(), () -> Proc.sleep(Duration.ofDays(1)), () -> {});
        var failed = new CountDownLatch(1);
        var me = test.pid();
        var starter = Node.current().spawn(Spawn.DEFAULT.trappingExits(), () -> {
            try {
                Supervisor.of(
                                ONE_FOR_ONE,
                                child(new Worker("a", me)),
                                child(new Worker("b", me)),
                                child(hanging).startWithin(Duration.ofSeconds(2)))
                        .start();
            } catch (StartFailed e) {
                Proc.send(me, e.toString());
                failed.countDown();
            }
        });
        expect("+a", "+b", "+hanging");
        test.await("the limit", () -> {
            test.advance(Duration.ofSeconds(1));
            return failed.getCount() == 0;
        });
        expect("-b", "-a");
        assertThat(test.assertReceive(String.class)).contains("Worker").contains("did not return within 2000 ms");
        assertThat(Proc.awaitExit(starter, SOON)).contains(ExitReason.NORMAL);
    }

    @Test
    void f08WhoIgnoresTheShutdownIsKilledWhenItsTimeIsUp() {
        var stubborn = new Worker("stubborn", test.pid(), () -> {}, () -> Proc.sleep(Duration.ofDays(1)));
        var tree = Supervisor.of(
                        ONE_FOR_ONE,
                        child(new Worker("a", test.pid())),
                        child(stubborn).shutdown(Duration.ofSeconds(3)),
                        child(new Worker("c", test.pid())))
                .start();
        expect("+a", "+stubborn", "+c");
        var pid = tree.pidOf("stubborn").orElseThrow();
        Proc.exit(tree.pid(), ExitReason.SHUTDOWN);
        expect("-c");
        test.refuteReceive(String.class); // one after the other: a waits for it
        test.await("the budget", () -> {
            test.advance(Duration.ofSeconds(1));
            return !tree.pid().isAlive();
        });
        expect("-a");
        assertThat(Proc.awaitExit(pid, SOON)).contains(ExitReason.KILLED);
    }

    @Test
    void significantChildrenTakeTheirSupervisorAlong() {
        var ends = new GenServer<String, String>() {
            @Override
            public String init(Ref<String> self) {
                return "";
            }

            @Override
            public Next<String> handle(String message, String state) {
                return stop(ExitReason.NORMAL, state);
            }
        };
        var tree = Supervisor.of(
                        ONE_FOR_ONE,
                        child(new Worker("other", test.pid())),
                        child(ends).id("main").restart(TRANSIENT).significant())
                .autoShutdown(Supervisor.AutoShutdown.ANY_SIGNIFICANT)
                .start();
        expect("+other");
        Ref.<String>of(tree.pidOf("main").orElseThrow()).cast("end");
        assertThat(Proc.awaitExit(tree.pid(), SOON)).contains(ExitReason.SHUTDOWN);
        expect("-other");
    }

    @Test
    void backoffWaitsLongerAndLonger() {
        var starts = new AtomicInteger();
        var crashing = Child.of(
                "crashing",
                spawn -> Node.current().spawn(spawn, new Receiver() {
                    @Override
                    public void started() {
                        starts.incrementAndGet();
                        throw Proc.exit(new ExitReason.Other("crash"));
                    }

                    @Override
                    public void receive(Object message) {}
                }));
        test.start(Supervisor.of(ONE_FOR_ONE, crashing.backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)))
                .maxRestarts(1_000, Duration.ofHours(1)));
        for (var n = 1; n < 8; n++) {
            var restarted = n + 1;
            test.await("start " + restarted, () -> {
                test.advance(Duration.ofMillis(100));
                return starts.get() >= restarted;
            });
        }
        assertThat(test.node().nanos()).isGreaterThan(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Supervisor.of(
                        ONE_FOR_ONE, child(new Worker("a", test.pid())), child(new Worker("a", test.pid()))))
                .hasMessageContaining("\"a\" is there twice, as child 1 and child 2");
        assertThatThrownBy(() -> Supervisor.of(
                                ONE_FOR_ALL, child(new Worker("a", test.pid())).significant())
                        .start())
                .hasMessageContaining("significant");
    }
}
