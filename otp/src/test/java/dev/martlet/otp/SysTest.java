package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Overflow;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cases of OTP's gen_server and sys suites about looking into a running server. */
class SysTest {
    private final TestProc test = TestProc.open();
    private final Ref<Counter.Msg> counter = test.start(new Counter(3));

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void theStateIsReadAndReplaced() {
        assertThat(Sys.state(counter, Long.class)).isEqualTo(3);
        assertThat(Sys.<Long>replaceState(counter, n -> n * 2)).isEqualTo(6);
        long six = counter.call(new Counter.Msg.Get());
        assertThat(six).isEqualTo(6);
    }

    @Test
    void aReplacementThatThrowsChangesNothing() {
        assertThatThrownBy(() -> Sys.<Long>replaceState(counter, _ -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("no");
        assertThat(Sys.state(counter, Long.class)).isEqualTo(3);
    }

    @Test
    void whileSuspendedMessagesWaitAndSysIsAnswered() {
        Sys.suspend(counter);
        assertThat(Sys.status(counter).suspended()).isTrue();
        counter.cast(new Counter.Msg.Add(1));
        var pending = counter.sendRequest(new Counter.Msg.Get());
        assertThat(Sys.state(counter, Long.class)).isEqualTo(3);
        assertThat(pending.poll(Duration.ZERO)).isEmpty();
        Sys.resume(counter);
        assertThat(pending.await(Duration.ofSeconds(5))).isEqualTo(4);
        assertThat(Sys.status(counter).suspended()).isFalse();
    }

    @Test
    void aFullMailboxDoesNotBlockSys() {
        var small = GenServer.start(new Counter(0), Spawn.DEFAULT.mailbox(3, Overflow.DROP_NEWEST));
        Sys.suspend(small);
        for (var i = 0; i < 10; i++) {
            small.cast(new Counter.Msg.Add(1));
        }
        assertThat(Sys.state(small, Long.class)).isZero();
        Sys.resume(small);
        // Not by a call: until what waited has been handled, there is no room for a request.
        test.await("the three that fitted", () -> Sys.state(small, Long.class) == 3);
    }

    @Test
    void aSuspendedServerStillStops() {
        var tree = test.start(Supervisor.of(
                Supervisor.Strategy.ONE_FOR_ONE, Child.child(new Counter(0)).id("c")));
        var pid = tree.pidOf("c").orElseThrow();
        Sys.suspend(Ref.of(pid));
        assertThat(tree.terminateChild("c")).isTrue();
        assertThat(Proc.awaitExit(pid, Duration.ZERO)).contains(ExitReason.SHUTDOWN);
    }

    @Test
    void aTraceShowsWhatGoesInAndOutAndIsBounded() {
        var get = new Counter.Msg.Get();
        var add = new Counter.Msg.Add(1);
        try (var trace = Sys.trace(counter, 5)) {
            counter.cast(add);
            counter.call(get);
            assertThat(trace.take())
                    .containsExactly(
                            new Trace.Received(add),
                            new Trace.Became(4L),
                            new Trace.Asked(get),
                            new Trace.Answered(get, 4L),
                            new Trace.Became(4L));
            for (var i = 0; i < 10; i++) {
                counter.cast(add);
            }
            assertThat(Sys.state(counter, Long.class)).isNotNull();
            counter.call(get);
            trace.take();
            assertThat(trace.dropped()).isPositive();
        }
        counter.call(get);
        try (var second = Sys.trace(counter, 5)) {
            assertThat(second.take()).isEmpty();
        }
    }

    @Test
    void statisticsCountWhileTheyAreOn() {
        assertThat(Sys.statistics(counter)).isEmpty();
        Sys.statistics(counter, true);
        counter.cast(new Counter.Msg.Add(1));
        counter.call(new Counter.Msg.Get());
        assertThat(Sys.statistics(counter)).contains(new Sys.Statistics(Duration.ZERO, 2, 1));
        Sys.statistics(counter, false);
        assertThat(Sys.statistics(counter)).isEmpty();
    }

    record Vault(@Sensitive String key) implements GenServer<Vault.Msg, Vault.State> {
        sealed interface Msg {}

        record Open(String who, @Sensitive String pin) implements Msg {}

        record State(String place, @Sensitive String content, List<Secret> more) {}

        @Sensitive
        record Secret(String value) {}

        @Override
        public State init(Ref<Msg> self) {
            return new State("cellar", "gold", List.of(new Secret("more gold")));
        }

        @Override
        public Next<State> handle(Msg msg, State state) {
            throw new IllegalStateException("locked");
        }
    }

    @Test
    void statusNamesTheProcessAndHidesSecrets() {
        var vault = Ref.named("vault", Vault.Msg.class);
        var tree = test.start(Supervisor.of(
                Supervisor.Strategy.ONE_FOR_ONE, Child.child(new Vault("1234")).named(vault)));
        var status = Sys.status(vault);
        assertThat(status.state()).isEqualTo("State[place=cellar, content=***, more=[***]]");
        assertThat(status.behaviour()).isEqualTo(Vault.class.getName());
        assertThat(status.names()).containsExactly("vault");
        assertThat(status.ancestors()).first().isEqualTo(tree.pid());
        Sys.record(vault, 3);
        try (var trace = Sys.trace(vault, 10)) {
            vault.cast(new Vault.Open("ann", "0000"));
            test.await("the crash", () -> !status.pid().isAlive());
            assertThat(trace.take().toString()).contains("ann").doesNotContain("0000");
        }
    }

    @Test
    void anAgentAndASupervisorAnswerToo() {
        var agent = Agent.start(5);
        assertThat(Sys.state(agent.ref(), Integer.class)).isEqualTo(5);
    }

    @Test
    void whatIsNoBehaviourSaysSo() {
        var body = Proc.spawn(() -> Proc.receive(String.class));
        assertThatThrownBy(() -> Sys.state(Ref.of(body))).hasMessageContaining("only behaviours do");
        assertThatThrownBy(() -> Sys.state(Ref.named("nobody", Counter.Msg.class)))
                .hasMessageContaining("noproc");
    }
}
