package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example of {@link StateMachine}, as it stands there. */
class DoorTest {
    record Door(String code) implements StateMachine<Door.Event, Door.State, String> {
        sealed interface Event {
            record Push(char key) implements Event {}

            record Relock() implements Event {}

            record IsOpen() implements Event, Call<Event, Boolean> {}
        }

        enum State {
            LOCKED,
            OPEN
        }

        @Override
        public Step<Event, State, String> init(Ref<Event> self) {
            return next(State.LOCKED, "");
        }

        @Override
        public Step<Event, State, String> handleEvent(Event event, State state, String keys) {
            return switch (event) {
                case Event.IsOpen ask -> keep(keys).reply(ask, state == State.OPEN);
                case Event.Relock() -> next(State.LOCKED, "");
                case Event.Push _ when state == State.OPEN -> keep(keys);
                case Event.Push(var k)
                when code.equals(keys + k) ->
                    next(State.OPEN, "").stateTimeout(Duration.ofSeconds(10), new Event.Relock());
                case Event.Push(var k) when code.startsWith(keys + k) -> keep(keys + k);
                case Event.Push _ -> keep("");
            };
        }
    }

    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    private void push(Ref<Door.Event> door, String keys) {
        keys.chars().forEach(key -> door.cast(new Door.Event.Push((char) key)));
    }

    @Test
    void aDoorIsAFunction() {
        var door = new Door("12");
        assertThat(door.handleEvent(new Door.Event.Push('1'), Door.State.LOCKED, ""))
                .isEqualTo(door.keep("1"));
        assertThat(door.handleEvent(new Door.Event.Push('2'), Door.State.LOCKED, "1"))
                .isEqualTo(
                        door.next(Door.State.OPEN, "").stateTimeout(Duration.ofSeconds(10), new Door.Event.Relock()));
    }

    @Test
    void theRightCodeOpensForTenSeconds() {
        var door = StateMachine.startLink(new Door("1234"));
        push(door, "13");
        assertThat(door.call(new Door.Event.IsOpen())).isFalse();
        push(door, "1234");
        assertThat(door.call(new Door.Event.IsOpen())).isTrue();
        test.advance(Duration.ofSeconds(9));
        push(door, "99");
        assertThat(door.call(new Door.Event.IsOpen())).isTrue();
        test.advance(Duration.ofSeconds(1));
        assertThat(door.call(new Door.Event.IsOpen())).isFalse();
        assertThat(test.node().timerCount()).isZero();
    }
}
