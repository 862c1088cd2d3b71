package dev.martlet.otp;

import static dev.martlet.otp.Child.Restart.*;
import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Exit;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicSupervisorTest {
    private final TestProc test = TestProc.open();
    private final DynamicSupervisor games = DynamicSupervisor.of("games");

    @AfterEach
    void close() {
        test.close();
    }

    private SupervisorRef start(DynamicSupervisor supervisor) {
        return test.start(Supervisor.of(ONE_FOR_ONE, child(supervisor)));
    }

    private Child worker(String name) {
        return child(new Worker(name, test.pid())).id(name);
    }

    private void expect(String... events) {
        for (var event : events) {
            assertThat(test.assertReceive(String.class)).isEqualTo(event);
        }
    }

    @Test
    void childrenComeAndGo() {
        start(games);
        var a = games.startChild(worker("a"));
        var counter = games.start(new Counter(7));
        expect("+a");
        long n = counter.call(new Counter.Msg.Get());
        assertThat(n).isEqualTo(7);
        assertThat(games.count()).isEqualTo(2);
        assertThat(games.children()).extracting(SupervisorRef.Status::pid).contains(java.util.Optional.of(a));
        assertThat(games.terminateChild(a)).isTrue();
        expect("-a");
        assertThat(a.isAlive()).isFalse();
        assertThat(games.terminateChild(a)).isFalse();
        assertThat(games.count()).isEqualTo(1);
    }

    @Test
    void eachIsRestartedAsItSays() {
        start(games);
        for (var restart : Child.Restart.values()) {
            var pid = games.startChild(worker(restart.name()).restart(restart));
            expect("+" + restart);
            Proc.send(pid, "crash");
            expect("-" + restart);
            if (restart != TEMPORARY) {
                expect("+" + restart);
            }
        }
        test.await("two to be left", () -> games.count() == 2);
        games.children().forEach(c -> Proc.send(c.pid().orElseThrow(), "end"));
        var ends = new java.util.ArrayList<String>();
        for (var i = 0; i < 3; i++) {
            ends.add(test.assertReceive(String.class));
        }
        assertThat(ends).containsExactlyInAnyOrder("-PERMANENT", "+PERMANENT", "-TRANSIENT");
        test.await("one to be left", () -> games.count() == 1);
    }

    @Test
    void aLimitIsALimit() {
        var few = games.maxChildren(2);
        start(few);
        var a = few.start(new Counter(0));
        few.start(new Counter(0));
        assertThatThrownBy(() -> few.start(new Counter(0)))
                .isInstanceOf(DynamicSupervisor.TooManyChildren.class)
                .hasMessageContaining("games has 2 children, as many as it may");
        few.terminateChild(a.pid().orElseThrow());
        few.start(new Counter(0));
        assertThat(few.count()).isEqualTo(2);
        assertThatThrownBy(() -> games.maxChildren(0)).hasMessageContaining("got: 0");
    }

    @Test
    void theIntensityEndsIt() {
        var strict = games.maxRestarts(1, Duration.ofSeconds(5)).start();
        var a = strict.startChild(worker("a"));
        var b = strict.startChild(worker("b"));
        expect("+a", "+b");
        Proc.send(a, "crash");
        expect("-a", "+a");
        Proc.send(b, "crash");
        expect("-b", "-a");
        assertThat(test.assertReceive(Exit.class).reason().toString())
                .contains("reached max restart intensity: 1 restarts within 5000 ms");
    }

    @Test
    void aChildThatWaitsForItsRestartCountsAndCanBeTerminated() {
        start(games);
        var pid = games.startChild(worker("a").backoff(Duration.ofDays(1), Duration.ofDays(1)));
        expect("+a");
        Proc.send(pid, "crash");
        expect("-a");
        test.await("the wait", () -> games.children().getFirst().state() == SupervisorRef.State.RESTARTING);
        assertThat(games.count()).isEqualTo(1);
        assertThat(games.terminateChild(pid)).isTrue();
        assertThat(games.count()).isZero();
        test.advance(Duration.ofDays(2));
        assertThat(games.children()).isEmpty();
        test.refuteReceive(String.class);
    }

    @Test
    void aQuarantinedChildIsProbed() {
        start(games);
        var pid = games.startChild(worker("a").quarantine(0, Duration.ofMinutes(1), Duration.ofMinutes(5)));
        expect("+a");
        Proc.send(pid, "crash");
        expect("-a");
        test.await("quarantine", () -> games.children().getFirst().state() == SupervisorRef.State.QUARANTINED);
        test.advance(Duration.ofMinutes(5));
        expect("+a");
        test.await("probing", () -> games.children().getFirst().state() == SupervisorRef.State.PROBING);
    }

    @Test
    void whatCannotStartIsToldAndLeavesNothing() {
        start(games);
        assertThatThrownBy(() -> games.startChild(Child.of("x", _ -> {
                    throw new IllegalStateException("no board");
                })))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("no board");
        assertThatThrownBy(() -> games.startChild(worker("s").restart(TRANSIENT).significant()))
                .hasMessageContaining("significant children are for a Supervisor");
        assertThat(games.count()).isZero();
    }

    @Test
    void theValueIsTheHandleOfOneProcess() {
        assertThatThrownBy(games::count).hasMessageContaining("dynamic supervisor games is not running");
        start(games);
        assertThatThrownBy(games::start).hasMessageContaining("is running already");
    }

    @Test
    void itStopsAHundredThousand_F09() {
        var many = 100_000;
        games.start();
        var pids = IntStream.range(0, many)
                .mapToObj(i -> games.start(new Counter(i)).pid().orElseThrow())
                .toList();
        assertThat(games.count()).isEqualTo(many);
        games.stop();
        assertThat(pids).noneMatch(Pid::isAlive);
        test.await("the last of them to be let go", () -> Node.current().processCount() == 1);
    }

    @Test
    void partitionsAreFoundByKeyAndRestartedAlone() {
        var counters = PartitionSupervisor.servers("counters", 4, i -> new Counter(i));
        var tables = PartitionSupervisor.of("tables", i -> DynamicSupervisor.of("tables " + i));
        test.start(Supervisor.of(ONE_FOR_ONE, child(counters), child(tables)));
        assertThat(tables.partitions()).hasSize(Runtime.getRuntime().availableProcessors());
        var used =
                IntStream.range(0, 100).mapToObj(counters::partition).distinct().count();
        assertThat(used).isEqualTo(4);
        assertThat(counters.partition("ann")).isSameAs(counters.partition("ann"));
        var game = tables.partition("chess").start(new Counter(3));
        assertThat(tables.partition("chess").count()).isEqualTo(1);

        var ref = counters.partitions().get(2);
        test.crash(ref);
        test.awaitRestart(ref);
        long n = ref.call(new Counter.Msg.Get());
        assertThat(n).isEqualTo(2);
        assertThat(game.pid().orElseThrow().isAlive()).isTrue();
    }

    @Test
    void partitionsDivideTheKeys() {
        var stats = PartitionSupervisor.servers("stats", 4, i -> new Counter(1_000L * i));
        test.start(Supervisor.of(ONE_FOR_ONE, child(stats)));
        for (var key = 0; key < 100; key++) {
            stats.partition("key " + key).cast(new Counter.Msg.Add(1));
        }
        assertThat(stats.partition("a")).isSameAs(stats.partition("a"));
        assertThat(stats.partitions()).hasSize(4);
        var sum = stats.partitions().stream()
                .mapToLong(ref -> ref.call(new Counter.Msg.Get()))
                .sum();
        assertThat(sum).isEqualTo(6_000 + 100);
        var first = stats.partitions().getFirst();
        test.crash(first);
        test.awaitRestart(first);
        assertThat((long) first.call(new Counter.Msg.Get())).isZero();
    }

    @Test
    void partitionsOfDynamicSupervisors() {
        var games = PartitionSupervisor.of("games", 3, i -> DynamicSupervisor.of("games " + i));
        test.start(Supervisor.of(ONE_FOR_ONE, child(games)));
        for (var key = 0; key < 30; key++) {
            games.partition(key).start(new Counter(key));
        }
        assertThat(games.partitions().stream()
                        .mapToInt(DynamicSupervisor::count)
                        .sum())
                .isEqualTo(30);
    }
}
