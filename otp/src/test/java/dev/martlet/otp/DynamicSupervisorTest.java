package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicSupervisorTest {
    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    private static void crash(Ref<?> server) {
        var pid = server.pid().orElseThrow();
        Proc.exit(pid, new ExitReason.Crashed(new IllegalStateException("boom")));
    }

    @Test
    void childrenComeAndGo() {
        var games = DynamicSupervisor.of("games");
        test.start(Supervisor.of(ONE_FOR_ONE, child(games)));
        var one = games.start(new Counter(1));
        var two = games.start(new Counter(2));
        assertThat(games.count()).isEqualTo(2);
        assertThat((long) two.call(new Counter.Msg.Get())).isEqualTo(2);
        assertThat(games.children())
                .extracting(SupervisorRef.Status::pid)
                .containsExactlyInAnyOrder(one.pid(), two.pid());
        var pid = one.pid().orElseThrow();
        assertThat(games.terminateChild(pid)).isTrue();
        assertThat(pid.isAlive()).isFalse();
        assertThat(games.terminateChild(pid)).isFalse();
        assertThat(games.count()).isEqualTo(1);
    }

    @Test
    void aCrashedChildIsRestartedAndTheOthersGoOn() {
        var games = DynamicSupervisor.of("games");
        test.start(Supervisor.of(ONE_FOR_ONE, child(games)));
        var one = games.start(new Counter(1));
        var two = games.start(new Counter(2));
        two.cast(new Counter.Msg.Add(40));
        crash(one);
        test.await(
                "the restart",
                () -> games.children().stream()
                        .filter(s -> !s.pid().equals(two.pid()))
                        .anyMatch(s -> s.pid().isPresent() && !s.pid().equals(one.pid())));
        assertThat(games.count()).isEqualTo(2);
        assertThat((long) two.call(new Counter.Msg.Get())).isEqualTo(42);
    }

    @Test
    void moreThanTheMaximumIsRefused() {
        var games = DynamicSupervisor.of("games").maxChildren(2);
        test.start(Supervisor.of(ONE_FOR_ONE, child(games)));
        games.start(new Counter(1));
        games.start(new Counter(2));
        assertThatThrownBy(() -> games.start(new Counter(3)))
                .isInstanceOf(DynamicSupervisor.TooManyChildren.class)
                .hasMessageContaining("games has 2 children");
        assertThatThrownBy(() -> DynamicSupervisor.of("none").maxChildren(0)).hasMessageContaining("got: 0");
    }

    @Test
    void tooManyRestartsEndIt() {
        var games = DynamicSupervisor.of("games")
                .maxRestarts(1, Duration.ofSeconds(5))
                .start();
        var pid = games.pid();
        for (var i = 0; i < 2; i++) {
            var before = games.start(new Counter(i));
            crash(before);
        }
        assertThat(Proc.awaitExit(pid, Duration.ofSeconds(10)))
                .hasValueSatisfying(why -> assertThat(why).isInstanceOf(ExitReason.Shutdown.class));
        assertThatThrownBy(games::count).hasMessageContaining("games is not running");
    }

    @Test
    void aHundredThousandChildrenStopWithIt() {
        var crowd = DynamicSupervisor.of("crowd").start();
        var pids = IntStream.range(0, 100_000)
                .mapToObj(i -> crowd.start(new Counter(i)).pid().orElseThrow())
                .toList();
        assertThat(crowd.count()).isEqualTo(100_000);
        crowd.stop();
        assertThat(pids).noneMatch(pid -> pid.isAlive());
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
