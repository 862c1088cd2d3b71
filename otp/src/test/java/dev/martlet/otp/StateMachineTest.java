package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cases of OTP's gen_statem suite that mean something here. */
class StateMachineTest {
    /** A machine that does what the events say, and tells a listener what it sees. */
    record Machine(Pid listener) implements StateMachine<Machine.Event, Machine.At, List<String>> {
        sealed interface At {
            record Idle() implements At {}

            record Busy(int job) implements At {}
        }

        sealed interface Event {
            /** Has its step made by the test. */
            record Do(Function<Machine, Step<Event, At, List<String>>> step) implements Event {}

            /** Notes its name, and in Idle is postponed. */
            record Note(String name) implements Event {}

            /** Answered with the state; in Idle it is postponed. */
            record Where() implements Event, Call<Event, At> {}

            /** Answered with what was noted. */
            record Notes() implements Event, Call<Event, List<String>> {}

            /** Its answer comes with Later. */
            record Wait() implements Event, Call<Event, String> {}

            /** Never answered. */
            record Forget() implements Event, Call<Event, String> {}
        }

        static final At IDLE = new At.Idle();

        @Override
        public Step<Event, At, List<String>> init(Ref<Event> self) {
            return next(IDLE, List.of());
        }

        @Override
        public Step<Event, At, List<String>> handleEvent(Event event, At at, List<String> notes) {
            return switch (on(at, event)) {
                case On(At _, Event.Do(var step)) -> step.apply(this);
                case On(At.Idle _, Event.Note _) -> keep(notes).postpone();
                case On(At.Busy _, Event.Note(var name)) -> keep(plus(notes, name));
                case On(At.Idle _, Event.Where _) -> keep(notes).postpone();
                case On(At.Busy _, Event.Where where) -> keep(notes).reply(where, at);
                case On(At _, Event.Notes ask) -> keep(notes).reply(ask, notes);
                case On(At.Idle _, Event.Wait _) -> keep(notes).postpone();
                case On(At.Busy _, Event.Wait wait) -> {
                    var from = from(wait);
                    Proc.spawn(() -> from.reply("later"));
                    yield keep(notes);
                }
                case On(At.Idle _, Event.Forget _) -> keep(notes).postpone();
                case On(At.Busy _, Event.Forget _) -> keep(notes);
            };
        }

        static List<String> plus(List<String> notes, String note) {
            var more = new ArrayList<>(notes);
            more.add(note);
            return List.copyOf(more);
        }

        @Override
        public Step<Event, At, List<String>> handleInfo(Object info, At at, List<String> notes) {
            return keep(plus(notes, "info " + info));
        }

        @Override
        public Step<Event, At, List<String>> enter(At from, At at, List<String> notes) {
            Proc.send(listener, from + " -> " + at);
            return keep(notes);
        }

        @Override
        public void terminate(ExitReason reason, At at, List<String> notes) {
            Proc.send(listener, reason);
        }
    }

    private final TestProc test = TestProc.open();
    private final Ref<Machine.Event> machine = StateMachine.startLink(new Machine(test.pid()));

    @AfterEach
    void close() {
        test.close();
    }

    private void tell(Function<Machine, Step<Machine.Event, Machine.At, List<String>>> step) {
        machine.cast(new Machine.Event.Do(step));
    }

    private static Machine.At busy(int job) {
        return new Machine.At.Busy(job);
    }

    private List<String> notes() {
        return machine.call(new Machine.Event.Notes());
    }

    private static Machine.Event note(String name) {
        return new Machine.Event.Note(name);
    }

    @Test
    void enterIsCalledAtTheStartAndOnEachChangeOnly() {
        assertThat(test.assertReceive(String.class)).isEqualTo("Idle[] -> Idle[]");
        tell(m -> m.next(Machine.IDLE, List.of("same state, no change")));
        assertThat(notes()).containsExactly("same state, no change");
        test.refuteReceive(String.class);
        tell(m -> m.next(busy(1), List.of()));
        assertThat(test.assertReceive(String.class)).isEqualTo("Idle[] -> Busy[job=1]");
        tell(m -> m.next(busy(2), List.of()));
        assertThat(test.assertReceive(String.class)).isEqualTo("Busy[job=1] -> Busy[job=2]");
        tell(m -> m.repeat(List.of()));
        assertThat(test.assertReceive(String.class)).isEqualTo("Busy[job=2] -> Busy[job=2]");
    }

    @Test
    void postponedEventsComeAgainInOrderBeforeNewerOnes() {
        machine.cast(note("a"));
        machine.cast(note("b"));
        assertThat(notes()).isEmpty();
        Sys.suspend(machine);
        tell(m -> m.next(busy(1), List.of("changed")));
        machine.cast(note("c"));
        Sys.resume(machine);
        assertThat(notes()).containsExactly("changed", "a", "b", "c");
    }

    @Test
    void anEventThatIsPostponedWhileTheStateChangesComesAgainAtOnce() {
        var seen = new ArrayList<Machine.At>();
        machine.cast(new Machine.Event.Do(m -> {
            seen.add(busy(0));
            return seen.size() == 1 ? m.next(busy(1), List.<String>of()).postpone() : m.keep(List.of("again"));
        }));
        assertThat(notes()).containsExactly("again");
        assertThat(seen).hasSize(2);
    }

    @Test
    void insertedEventsComeBeforePostponedOnesInTheirOrder() {
        machine.cast(note("postponed"));
        tell(m -> m.next(busy(1), List.<String>of()).insert(note("first")).insert(note("second")));
        assertThat(notes()).containsExactly("first", "second", "postponed");
    }

    @Test
    void aPostponedCallIsAnsweredInTheNextState() {
        var me = test.pid();
        Proc.spawn(() -> Proc.send(me, machine.call(new Machine.Event.Where())));
        Proc.spawn(() -> Proc.send(me, machine.call(new Machine.Event.Wait())));
        test.await("both to be asked", () -> Sys.statistics(machine).isEmpty());
        assertThat(test.assertReceive(String.class)).isEqualTo("Idle[] -> Idle[]");
        tell(m -> m.next(busy(3), List.of()));
        assertThat(test.assertReceive(String.class)).isEqualTo("Idle[] -> Busy[job=3]");
        assertThat(test.assertReceive(Machine.At.class)).isEqualTo(busy(3));
        assertThat(test.assertReceive(String.class)).isEqualTo("later");
    }

    @Test
    void aPostponedCallIsRefusedWhenTheMachineEnds() {
        var pending = machine.sendRequest(new Machine.Event.Where());
        tell(m -> m.stop(ExitReason.SHUTDOWN, List.of()));
        assertThatThrownBy(() -> pending.await(Duration.ofSeconds(5)))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("shutdown");
    }

    @Test
    void anAnswerThatIsForgottenIsExplainedAlsoAfterPostponing() {
        var pending = machine.sendRequest(new Machine.Event.Forget());
        assertThat(notes()).isEmpty();
        tell(m -> m.next(busy(1), List.of()));
        assertThatThrownBy(() -> pending.await(Duration.ofSeconds(5)))
                .isInstanceOf(CallFailed.Exited.class)
                .rootCause()
                .hasMessageContaining("handled Forget[] and returned without answering it");
    }

    @Test
    void aStateTimeoutEndsWithItsState() {
        tell(m -> m.next(busy(1), List.<String>of()).stateTimeout(Duration.ofSeconds(5), note("state")));
        assertThat(notes()).isEmpty();
        tell(m -> m.next(busy(1), List.of("kept")));
        assertThat(notes()).containsExactly("kept");
        test.advance(Duration.ofSeconds(5));
        assertThat(notes()).containsExactly("kept", "state");

        tell(m -> m.next(busy(2), List.<String>of()).stateTimeout(Duration.ofSeconds(5), note("gone")));
        tell(m -> m.next(busy(3), List.of()));
        assertThat(notes()).isEmpty();
        assertThat(test.node().timerCount()).isZero();
    }

    @Test
    void anyEventEndsAnEventTimeout() {
        tell(m -> m.next(busy(1), List.<String>of()).eventTimeout(Duration.ofSeconds(5), note("idle")));
        assertThat(notes()).isEmpty();
        assertThat(test.node().timerCount()).isZero();
        tell(m -> m.keep(List.<String>of()).eventTimeout(Duration.ofSeconds(5), note("idle")));
        test.await("the timer", () -> test.node().timerCount() == 1);
        test.advance(Duration.ofSeconds(5));
        assertThat(notes()).containsExactly("idle");
    }

    @Test
    void namedTimeoutsOutliveStatesStartOverAndCanBeCancelledAndChanged() {
        tell(m -> m.next(busy(1), List.<String>of())
                .timeout("a", Duration.ofSeconds(1), note("a"))
                .timeout("b", Duration.ofSeconds(2), note("b"))
                .timeout("c", Duration.ofSeconds(3), note("c"))
                .timeout("d", Duration.ofSeconds(4), note("d")));
        tell(m -> m.next(busy(2), List.<String>of())
                .timeout("a", Duration.ofSeconds(10), note("a later"))
                .cancel("b")
                .cancel("unknown")
                .update("c", note("c changed"))
                .update("unknown", note("never")));
        assertThat(notes()).isEmpty();
        test.advance(Duration.ofSeconds(5));
        assertThat(notes()).containsExactly("c changed", "d");
        test.advance(Duration.ofSeconds(5));
        assertThat(notes()).containsExactly("c changed", "d", "a later");
    }

    @Test
    void timeoutsOfZeroComeBehindInsertedEventsAndBeforeTheMailbox() {
        Sys.suspend(machine);
        tell(m -> m.next(busy(1), List.<String>of())
                .stateTimeout(Duration.ZERO, note("state"))
                .timeout("named", Duration.ZERO, note("named"))
                .eventTimeout(Duration.ZERO, note("no: others came first"))
                .insert(note("inserted")));
        machine.cast(note("mailbox"));
        Sys.resume(machine);
        assertThat(notes()).containsExactly("inserted", "state", "named", "mailbox");
        tell(m -> m.keep(List.<String>of()).eventTimeout(Duration.ZERO, note("nothing else waits")));
        assertThat(notes()).containsExactly("nothing else waits");
    }

    @Test
    void whatIsNotOfTheProtocolIsInfo() {
        Proc.send(machine.pid().orElseThrow(), 7);
        assertThat(notes()).containsExactly("info 7");
    }

    @Test
    void aStopRunsTerminateAndATimerDoesNotOutliveIt() {
        tell(m -> m.keep(List.<String>of()).timeout("t", Duration.ofHours(1), note("never")));
        assertThat(notes()).isEmpty();
        assertThat(test.node().timerCount()).isEqualTo(1);
        tell(m -> m.stop(new ExitReason.Other("enough"), List.of()));
        assertThat(test.assertReceive(ExitReason.class)).isEqualTo(new ExitReason.Other("enough"));
        assertThat(test.assertReceive(Exit.class).reason()).isEqualTo(new ExitReason.Other("enough"));
        assertThat(test.node().timerCount()).isZero();
    }

    @Test
    void aNullStepIsExplained() {
        tell(StateMachineTest::nothing);
        var reason = test.assertReceive(Exit.class).reason();
        assertThat(reason.toString()).contains("returned null").contains("keep(data)");
    }

    @SuppressWarnings("NullAway") // what a careless handler returns
    private static Step<Machine.Event, Machine.At, List<String>> nothing(Machine machine) {
        return null;
    }

    @Test
    void aMachineInATreeIsRestartedFromTheBeginning() {
        var ref = Ref.named("machine", Machine.Event.class);
        test.start(Supervisor.of(
                Supervisor.Strategy.ONE_FOR_ONE,
                Child.child(new Machine(test.pid())).named(ref)));
        ref.cast(new Machine.Event.Do(m -> m.next(busy(1), List.of("old"))));
        assertThat(ref.call(new Machine.Event.Where())).isEqualTo(busy(1));
        assertThat(Sys.state(ref)).isEqualTo(new StateMachine.Snapshot<>(busy(1), List.of("old")));
        test.crash(ref);
        test.awaitRestart(ref);
        assertThat(Sys.state(ref)).isEqualTo(new StateMachine.Snapshot<>(Machine.IDLE, List.of()));
        Sys.<StateMachine.Snapshot<Machine.At, List<String>>>replaceState(
                ref, s -> new StateMachine.Snapshot<>(busy(9), s.data()));
        assertThat(ref.call(new Machine.Event.Where())).isEqualTo(busy(9));
    }

    /** A question of Sys overtakes what was sent before it. */
    private void awaitState(Ref<String> ref, String state, String data) {
        test.await(data, () -> new StateMachine.Snapshot<>(state, data).equals(Sys.state(ref)));
    }

    record Starts(Function<Starts, Step<String, String, String>> how) implements StateMachine<String, String, String> {
        @Override
        public Step<String, String, String> init(Ref<String> self) {
            return how.apply(this);
        }

        @Override
        public Step<String, String, String> handleEvent(String event, String state, String data) {
            return keep(data + event);
        }
    }

    @Test
    void initSaysWhereToBeginOrFailsTheStart() {
        var inserted = StateMachine.startLink(
                new Starts(m -> m.next("s", "").insert("a").insert("b")));
        Proc.send(inserted.pid().orElseThrow(), "c");
        awaitState(inserted, "s", "abc");
        assertThatThrownBy(() -> StateMachine.start(new Starts(m -> m.keep("nowhere"))))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("says where to begin");
        assertThatThrownBy(() -> StateMachine.start(new Starts(m -> m.stop(ExitReason.SHUTDOWN, "no"))))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("shutdown");
        assertThatThrownBy(() -> StateMachine.start(new Starts(m -> {
                    throw m.ignore();
                })))
                .isInstanceOfSatisfying(
                        StartFailed.class, e -> assertThat(e.ignored()).isTrue());
    }

    record Entering(Function<Entering, Step<String, String, String>> onEnter)
            implements StateMachine<String, String, String> {
        @Override
        public Step<String, String, String> init(Ref<String> self) {
            return next("a", "");
        }

        @Override
        public Step<String, String, String> handleEvent(String event, String state, String data) {
            return event.equals("tick") ? keep(data + event) : next(event, data);
        }

        @Override
        public Step<String, String, String> enter(String from, String state, String data) {
            return state.equals("a") ? keep(data) : onEnter.apply(this);
        }
    }

    @Test
    void enterMaySetTimersAndDataButNotGoOn() {
        var ticking = StateMachine.startLink(
                new Entering(m -> m.keep("entered ").stateTimeout(Duration.ofSeconds(1), "tick")));
        ticking.cast("b");
        test.await("the timer", () -> test.node().timerCount() == 1);
        test.advance(Duration.ofSeconds(1));
        awaitState(ticking, "b", "entered tick");

        for (var wrong : List.<Function<Entering, Step<String, String, String>>>of(
                m -> m.next("c", ""),
                m -> m.keep("").insert("x"),
                m -> m.keep("").postpone())) {
            var pid = StateMachine.start(new Entering(wrong)).pid().orElseThrow();
            Proc.send(pid, "b");
            assertThat(Proc.awaitExit(pid, Duration.ofMinutes(1)).orElseThrow().toString())
                    .contains(".enter ");
        }
    }

    @Test
    void aKilledMachineRunsNothingAndIsGone() {
        var started = new CountDownLatch(1);
        tell(m -> {
            started.countDown();
            Proc.sleep(Duration.ofHours(1));
            return m.keep(List.of());
        });
        org.awaitility.Awaitility.await().until(() -> started.getCount() == 0);
        Proc.kill(machine.pid().orElseThrow());
        assertThat(test.assertReceive(Exit.class).reason()).isEqualTo(ExitReason.KILLED);
        test.refuteReceive(ExitReason.class);
    }
}
