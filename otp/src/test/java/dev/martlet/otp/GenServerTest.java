package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GenServerTest {
    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aCounterIsAFunction() {
        var counter = new Counter(0);
        assertThat(counter.handle(new Counter.Msg.Add(5), 0L)).isEqualTo(counter.next(5L));
        var get = new Counter.Msg.Get();
        assertThat(counter.handle(get, 5L)).isEqualTo(counter.reply(get, 5L, 5L));
    }

    @Test
    void aCallSeesEarlierCasts() {
        var counter = test.start(new Counter(0));
        counter.cast(new Counter.Msg.Add(2));
        long two = counter.call(new Counter.Msg.Get());
        assertThat(two).isEqualTo(2);
        assertThat(counter.call(new Counter.Msg.Take(3))).isFalse();
    }

    @Test
    void aForgottenAnswerIsExplained() {
        var counter = test.start(new Counter(0));
        assertThatThrownBy(() -> counter.call(new Counter.Msg.Forget()))
                .isInstanceOf(CallFailed.Exited.class)
                .rootCause()
                .hasMessageContaining("handled Forget[] and returned without answering it")
                .hasMessageContaining("from(request)");
    }

    @Test
    void aCastCallIsHandledAndItsAnswerDropped() {
        var counter = test.start(new Counter(7));
        counter.cast(new Counter.Msg.Take(3));
        long left = counter.call(new Counter.Msg.Get());
        assertThat(left).isEqualTo(4);
    }

    @Test
    void anInitThatThrowsFailsTheStart() {
        assertThatThrownBy(() -> test.start(new Broken()))
                .isInstanceOf(StartFailed.class)
                .hasMessage("Broken failed to start: no database");
    }

    record Broken() implements GenServer<String, String> {
        @Override
        public String init(Ref<String> self) {
            throw new IllegalStateException("no database");
        }

        @Override
        public Next<String> handle(String message, String state) {
            return next(state);
        }
    }

    /** Says to a listener what happens to it. */
    record Chatty(Pid listener) implements GenServer<Chatty.Msg, List<From<Integer>>> {
        sealed interface Msg {
            record Wait() implements Msg, Call<Msg, Integer> {}

            record Open() implements Msg {}

            record Later() implements Msg {}

            record Rest(Duration time) implements Msg {}

            record Halt() implements Msg {}
        }

        @Override
        public List<From<Integer>> init(Ref<Msg> self) {
            return List.of();
        }

        @Override
        public Next<List<From<Integer>>> handle(Msg msg, List<From<Integer>> waiting) {
            return switch (msg) {
                case Msg.Wait wait -> {
                    var more = new ArrayList<>(waiting);
                    more.add(from(wait));
                    Proc.send(listener, "waiting");
                    yield next(more);
                }
                case Msg.Open() -> {
                    for (var i = 0; i < waiting.size(); i++) {
                        waiting.get(i).reply(i);
                    }
                    yield next(List.of());
                }
                case Msg.Later() -> next(waiting).then("continued");
                case Msg.Rest(var time) -> next(waiting).within(time);
                case Msg.Halt() -> stop(ExitReason.NORMAL, waiting);
            };
        }

        @Override
        public Next<List<From<Integer>>> handleContinue(Object with, List<From<Integer>> state) {
            Proc.send(listener, with);
            return next(state);
        }

        @Override
        public Next<List<From<Integer>>> handleInfo(Object info, List<From<Integer>> state) {
            Proc.send(listener, info);
            return next(state);
        }

        @Override
        public void terminate(ExitReason reason, List<From<Integer>> state) {
            Proc.send(listener, reason);
        }
    }

    @Test
    void answersMayComeLater() {
        var me = test.pid();
        var server = test.start(new Chatty(me));
        for (var i = 0; i < 2; i++) {
            Proc.spawn(() -> {
                int answer = server.call(new Chatty.Msg.Wait());
                Proc.send(me, answer);
            });
        }
        test.assertReceive(String.class);
        test.assertReceive(String.class);
        server.cast(new Chatty.Msg.Open());
        assertThat(List.of(test.assertReceive(Integer.class), test.assertReceive(Integer.class)))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void continueComesBeforeAnyOtherMessage() {
        var server = test.start(new Chatty(test.pid()));
        server.cast(new Chatty.Msg.Later());
        Proc.send(server.pid().orElseThrow(), 'i');
        assertThat(test.assertReceive(Object.class)).isEqualTo("continued");
        assertThat(test.assertReceive(Object.class)).isEqualTo('i');
    }

    @Test
    void idlenessIsReportedUnlessAMessageComes() {
        var server = test.start(new Chatty(test.pid()));
        server.cast(new Chatty.Msg.Rest(Duration.ofMinutes(1)));
        server.cast(new Chatty.Msg.Later());
        test.assertReceive(String.class);
        test.advance(Duration.ofMinutes(2));
        server.cast(new Chatty.Msg.Rest(Duration.ofMinutes(1)));
        server.cast(new Chatty.Msg.Rest(Duration.ofMinutes(3)));
        Proc.send(server.pid().orElseThrow(), 'i');
        server.cast(new Chatty.Msg.Rest(Duration.ofMinutes(1)));
        assertThat(test.assertReceive(Object.class)).isEqualTo('i');
        test.await("the watch", () -> test.node().timerCount() == 1);
        test.advance(Duration.ofMinutes(1));
        assertThat(test.assertReceive(Object.class)).isEqualTo(new GenServer.Timeout());
    }

    @Test
    void terminateRunsOnStopOnCrashAndWhenTheParentStops() {
        var server = test.start(new Chatty(test.pid()));
        server.cast(new Chatty.Msg.Halt());
        assertThat(test.assertReceive(ExitReason.class)).isEqualTo(ExitReason.NORMAL);

        var child = new Chatty(test.pid());
        var tree = Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, Child.child(child))
                .start();
        tree.close();
        assertThat(test.assertReceive(ExitReason.class)).isEqualTo(ExitReason.SHUTDOWN);
    }

    @Test
    void aNameThatNobodyHasIsNoproc() {
        var nobody = Ref.named("nobody", Counter.Msg.class);
        nobody.cast(new Counter.Msg.Add(1));
        assertThatThrownBy(() -> nobody.call(new Counter.Msg.Get()))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("noproc")
                .hasMessageContaining("nobody");
    }

    @Test
    void monitorsSeeACrash() {
        var counter = GenServer.start(new Counter(0));
        Proc.monitor(counter.pid().orElseThrow());
        counter.cast(new Counter.Msg.Crash());
        assertThat(test.assertReceive(Down.class).reason().isCrash()).isTrue();
    }

    @Test
    void anAgentKeepsState() {
        var agent = Agent.start(40);
        agent.update(n -> n + 2);
        int n = agent.get(x -> x);
        assertThat(n).isEqualTo(42);
    }
}
