package dev.martlet.web.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.otp.test.TestProc;
import dev.martlet.web.channel.Channel;
import dev.martlet.web.channel.Join;
import dev.martlet.web.channel.Payload;
import dev.martlet.web.channel.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelTestTest {
    record Room() implements Channel<Room.In, Integer, String> {
        sealed interface In {
            record NewMsg(String body) implements In {}

            record Crash() implements In {}
        }

        @Override
        public Join<Integer> join(String topic, Payload params, Socket<String> socket) {
            if (params.has("knock")) {
                return Join.refused("full");
            }
            socket.push("hello", Map.of("name", socket.assigns()));
            return Join.ok(0);
        }

        @Override
        public Next<Integer> handleIn(In event, Integer count, Socket<String> socket) {
            return switch (event) {
                case In.NewMsg(var body) -> {
                    socket.broadcast("new_msg", Map.of("body", body));
                    yield reply(Map.of("count", count + 1), count + 1);
                }
                case In.Crash() -> throw new IllegalStateException("crash, as asked for");
            };
        }
    }

    @Test
    void aChannelPushesRepliesAndBroadcasts() {
        try (var test = TestProc.open()) {
            var ann = ChannelTest.join(test, new Room(), "room:1", "ann", Map.of());
            var bob = ChannelTest.join(test, new Room(), "room:1", "bob", Map.of());
            assertThat(ann.assertPush("hello")).isEqualTo(Map.of("name", "ann"));

            assertThat(ann.push("new_msg", Map.of("body", "hi")).assertOk()).isEqualTo(Map.of("count", 1));

            assertThat(ann.assertBroadcast("new_msg")).isEqualTo(Map.of("body", "hi"));
            assertThat(bob.assertBroadcast("new_msg")).isEqualTo(Map.of("body", "hi"));
        }
    }

    @Test
    void aMissingFieldIsRefusedByName() {
        try (var test = TestProc.open()) {
            var ann = ChannelTest.join(test, new Room(), "room:1", "ann", Map.of());
            assertThat(ann.push("new_msg", Map.of()).assertError().get("field")).isEqualTo("body");
            assertThat(ann.push("new_msg", Map.of("body", "still here")).assertOk())
                    .isNotNull();
        }
    }

    @Test
    void refusalsLeavesAndCrashesAreSeen() {
        try (var test = TestProc.open()) {
            assertThat(ChannelTest.joinRefused(test, new Room(), "room:1", "eve", Map.of("knock", true))
                            .get("reason"))
                    .isEqualTo("full");
            ChannelTest.join(test, new Room(), "room:1", "ann", Map.of()).leave();
            var bob = ChannelTest.join(test, new Room(), "room:1", "bob", Map.of());
            bob.push("crash", Map.of());
            bob.assertCrashed();
        }
    }

    @Test
    void anAssertionThatDoesNotHoldFails() {
        try (var test = TestProc.open()) {
            var ann = ChannelTest.join(test, new Room(), "room:1", "ann", Map.of());
            assertThatThrownBy(() -> ann.push("new_msg", Map.of()).assertOk())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("body");
            assertThatThrownBy(() -> ann.refuteReceived("hello")).isInstanceOf(AssertionError.class);
        }
    }
}
