package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Crash reports, what they hide, and running the crash again. */
class CrashReportTest {
    private final TestProc test = TestProc.open();
    private final List<OtpEvent.CrashReport> reports = Collections.synchronizedList(new ArrayList<>());

    CrashReportTest() {
        test.node().telemetry().attach(OtpEvent.CrashReport.class, reports::add);
    }

    @AfterEach
    void close() {
        test.close();
    }

    /** Divides; what it cannot divide by it crashes on, unless it was mended. */
    record Divider(boolean mended, @Sensitive String token) implements GenServer<Divider.Msg, Divider.Total> {
        sealed interface Msg {
            record Divide(String who, int by, @Sensitive String pin) implements Msg, Call<Msg, Integer> {}

            record Add(int n) implements Msg {}

            record End(ExitReason reason) implements Msg {}
        }

        record Total(int value, @Sensitive String secret, Map<String, Integer> log) {}

        @Override
        public Total init(Ref<Msg> self) {
            return new Total(0, "s3cret", Map.of());
        }

        @Override
        public Next<Total> handle(Msg msg, Total total) {
            return switch (msg) {
                case Msg.Divide divide when mended && divide.by() == 0 -> reply(divide, 0, total);
                case Msg.Divide divide -> reply(divide, total.value() / divide.by(), total);
                case Msg.Add(var n) -> next(new Total(total.value() + n, total.secret(), Map.of("last", n)));
                case Msg.End(var reason) -> stop(reason, total);
            };
        }
    }

    private OtpEvent.CrashReport crash(boolean recording) {
        var ref = Ref.named("divider", Divider.Msg.class);
        var tree = test.start(Supervisor.of(
                Supervisor.Strategy.ONE_FOR_ONE,
                Child.child(new Divider(false, "t0ken")).named(ref)));
        if (recording) {
            Sys.record(ref, 3);
        }
        for (var i = 1; i <= 4; i++) {
            ref.cast(new Divider.Msg.Add(i));
        }
        assertThatThrownBy(() -> ref.call(new Divider.Msg.Divide("ann", 0, "0000")))
                .isInstanceOf(CallFailed.Exited.class);
        assertThat(reports).hasSize(1);
        var report = reports.getFirst();
        assertThat(report.ancestors()).containsExactly(tree.pid(), test.pid());
        assertThat(report.names()).containsExactly("divider");
        return report;
    }

    @Test
    void aReportSaysWhatHappenedAndHidesSecrets() {
        var report = crash(true);
        assertThat(report.message()).isEqualTo("Divide[who=ann, by=0, pin=***]");
        assertThat(report.state()).isEqualTo("Total[value=10, secret=***, log={last=4}]");
        assertThat(report.reason()).isInstanceOf(ExitReason.Crashed.class);
        assertThat(report.recording().messages())
                .containsExactly("Add[n=3]", "Add[n=4]", "Divide[who=ann, by=0, pin=***]");
        assertThat(report.recording().statesBefore()).first().isEqualTo("Total[value=3, secret=***, log={last=2}]");
        assertThat(report.toString())
                .contains("/ by zero")
                .contains("Add[n=4]")
                .doesNotContain("s3cret")
                .doesNotContain("0000");
    }

    @Test
    void aCrashIsRunAgainUntilItIsMended() {
        for (var report : List.of(crash(false))) {
            var again = Replay.of(report).run(new Divider(false, ""));
            assertThat(again.crashed()).isTrue();
            assertThat(again.same()).isTrue();
            var mended = Replay.of(report).run(new Divider(true, ""));
            assertThat(mended.crashed()).isFalse();
            assertThat(mended.state()).contains("value=10");
        }
    }

    @Test
    void aCrashBecomesTheSourceOfATest() {
        var source = Replay.of(crash(true)).test(new Divider(false, "t0ken"));
        assertThat(source)
                .contains("package dev.martlet.otp;")
                .contains("class DividerCrashTest {")
                .contains("var message = new dev.martlet.otp.CrashReportTest.Divider.Msg.Divide(\"ann\", 0,"
                        + " /* FIXME pin is sensitive */ null);")
                .contains("Total(10, /* FIXME secret is sensitive */ null,"
                        + " java.util.Map.ofEntries(java.util.Map.entry(\"last\", 4)))")
                .doesNotContain("t0ken")
                .doesNotContain("s3cret");
        var written = Replay.of(
                new Divider.Msg.Divide("ann", 0, ""), new Divider.Total(10, "", Map.ofEntries(Map.entry("last", 4))));
        assertThat(written.run(new Divider(false, "")).crashed()).isTrue();
        assertThat(written.run(new Divider(true, "")).crashed()).isFalse();
    }

    @Test
    void orderlyEndsAreNotReportedOthersAre() {
        for (var orderly : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, new ExitReason.Shutdown("upgrade"))) {
            end(orderly);
            assertThat(reports).isEmpty();
        }
        end(new ExitReason.Other("bad day"));
        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().reason()).isEqualTo(new ExitReason.Other("bad day"));
    }

    private void end(ExitReason reason) {
        var server = GenServer.start(new Divider(false, ""));
        var pid = server.pid().orElseThrow();
        server.cast(new Divider.Msg.End(reason));
        assertThat(Proc.awaitExit(pid, Duration.ofMinutes(1))).contains(reason);
    }

    /** F18. */
    record Stubborn(Pid listener, CountDownLatch inside, boolean thrown) implements GenServer<Stubborn.Order, String> {
        enum Order {
            CONTINUE,
            STOP
        }

        @Override
        public String init(Ref<Order> self) throws Exception {
            if (listener.equals(Proc.self())) {
                throw new IllegalStateException("not in a test");
            }
            return "state";
        }

        @Override
        public Next<String> handle(Order message, String state) {
            return message == Order.CONTINUE ? next(state).then("x") : stop(new ExitReason.Other("first"), state);
        }

        @Override
        public Next<String> handleContinue(Object with, String state) throws Exception {
            block();
            return next(state);
        }

        @Override
        public void terminate(ExitReason reason, String state) throws Exception {
            if (thrown) {
                throw new IllegalStateException("terminate failed");
            }
            block();
        }

        private void block() throws InterruptedException {
            inside.countDown();
            new CountDownLatch(1).await();
        }
    }

    @Test
    void f18aKillDuringContinueOrTerminateReleasesNameAndCallers() throws Exception {
        for (var message : Stubborn.Order.values()) {
            var inside = new CountDownLatch(1);
            var server = GenServer.start(
                    new Stubborn(test.pid(), inside, false), dev.martlet.kernel.Spawn.DEFAULT.named("stubborn"));
            var pid = server.pid().orElseThrow();
            Proc.monitor(pid);
            server.cast(message);
            inside.await();
            Proc.kill(pid);
            assertThat(test.assertReceive(dev.martlet.kernel.Down.class).reason())
                    .isEqualTo(ExitReason.KILLED);
            assertThat(Node.current().whereis("stubborn")).isEmpty();
        }
    }

    @Test
    void f18aTerminateThatThrowsKeepsTheReason() {
        var server = GenServer.start(new Stubborn(test.pid(), new CountDownLatch(1), true));
        var pid = server.pid().orElseThrow();
        server.cast(Stubborn.Order.STOP);
        assertThat(Proc.awaitExit(pid, Duration.ofMinutes(1))).contains(new ExitReason.Other("first"));
        assertThat(reports).hasSize(1);
    }

    record Slow(CountDownLatch inside) implements GenServer<String, String> {
        @Override
        public String init(Ref<String> self) throws InterruptedException {
            inside.countDown();
            new CountDownLatch(1).await();
            return "never";
        }

        @Override
        public Next<String> handle(String message, String state) {
            return next(state);
        }
    }

    @Test
    void f18aKillDuringInitFailsTheStart() throws Exception {
        var inside = new CountDownLatch(1);
        var starter = Task.async(() -> {
            try {
                GenServer.start(new Slow(inside), dev.martlet.kernel.Spawn.DEFAULT.named("slow"));
                return "started";
            } catch (StartFailed e) {
                return e.reason().toString();
            }
        });
        inside.await();
        Proc.kill(Node.current().whereis("slow").orElseThrow());
        assertThat(starter.await(Duration.ofMinutes(1))).isEqualTo("killed");
        assertThat(Node.current().whereis("slow")).isEmpty();
    }
}
