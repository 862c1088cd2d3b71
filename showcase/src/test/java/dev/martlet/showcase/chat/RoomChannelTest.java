package dev.martlet.showcase.chat;

import static dev.martlet.otp.Child.child;
import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.otp.Registry;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.test.TestProc;
import dev.martlet.pubsub.PubSub;
import dev.martlet.showcase.chat.RoomChannel.Meta;
import dev.martlet.web.channel.Presence;
import dev.martlet.web.test.ChannelTest;
import dev.martlet.web.test.ChannelTest.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomChannelTest {
    private static final String NOON = "2026-03-01T12:00:00Z";

    private final PubSub pubsub = PubSub.named("test");
    private final Presence<Meta> presence = Presence.over(pubsub, Meta.class);
    private final Registry<String, Room.Msg> registry = Registry.unique("rooms");
    private final InstantSource clock = InstantSource.fixed(Instant.parse(NOON));
    private final RoomChannel channel = new RoomChannel(new Rooms(registry, pubsub, clock), presence, clock);
    private TestProc test;

    @BeforeEach
    void start() {
        test = TestProc.open();
        test.start(Supervisor.of(Supervisor.Strategy.REST_FOR_ONE, child(pubsub), child(presence), child(registry)));
    }

    @AfterEach
    void stop() {
        test.close();
    }

    private Client join(String room, String name) {
        return ChannelTest.join(pubsub, channel, "room:" + room, new User(name), Map.of());
    }

    @Test
    void whatOneSaysEverybodyInTheRoomHears() {
        var ann = join("lobby", "Ann");
        var ben = join("lobby", "Ben");
        var cyd = join("garden", "Cyd");

        var line = ann.push("new_msg", Map.of("body", "  hi \n", "key", "k1")).assertOk();
        assertThat(line.get("name")).isEqualTo("Ann");
        assertThat(line.get("body")).isEqualTo("hi");
        assertThat(line.get("at")).isEqualTo(NOON);
        assertThat(line.get("key")).isEqualTo("k1");

        assertThat(ann.assertBroadcast("new_msg").equals(line)).isTrue();
        assertThat(ben.assertBroadcast("new_msg").equals(line)).isTrue();

        cyd.push("new_msg", Map.of("body", "quiet here")).assertOk();
        assertThat(cyd.assertBroadcast("new_msg").get("body")).isEqualTo("quiet here");
        cyd.refuteReceived("new_msg");
    }

    @Test
    void aMessageThatIsRepeatedIsSaidOnce() {
        var ann = join("lobby", "Ann");
        var first = ann.push("new_msg", Map.of("body", "hi", "key", "k1")).assertOk();
        var again = ann.push("new_msg", Map.of("body", "hi", "key", "k1")).assertOk();

        assertThat(again.equals(first)).isTrue();
        ann.assertBroadcast("new_msg");
        ann.refuteReceived("new_msg");
    }

    @Test
    void typingIsToldToTheOthers() {
        var ann = join("lobby", "Ann");
        var ben = join("lobby", "Ben");
        ann.push("typing", Map.of());
        assertThat(ben.assertBroadcast("typing").get("name")).isEqualTo("Ann");

        ann.push("new_msg", Map.of("body", "hi")).assertOk();
        ann.refuteReceived("typing");
    }

    @Test
    void whoIsHereIsKnownToEverybody() {
        var ann = join("lobby", "Ann");
        assertThat(ann.assertPush("presence_state").keySet()).hasToString("[Ann]");
        ann.assertBroadcast("presence_diff"); // of her own

        var ben = join("lobby", "Ben");
        assertThat(ben.assertPush("presence_state").keySet().stream().sorted()).hasToString("[Ann, Ben]");
        assertThat(ann.assertBroadcast("presence_diff").get("joins"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("Ben");

        ben.leave();
        assertThat(ann.assertBroadcast("presence_diff").get("leaves"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("Ben");
    }

    @ParameterizedTest
    @CsvSource({"'', a blank one", "'  ', a blank one"})
    void aBlankMessageIsRefused(String body, String got) {
        var ann = join("lobby", "Ann");
        assertThat(ann.push("new_msg", Map.of("body", body)).assertError().get("reason"))
                .isEqualTo("a message has 1 to 2,000 characters; got " + got);
        ann.push("new_msg", Map.of("body", "still here")).assertOk();
    }

    @Test
    void aMessageThatIsTooLongIsRefused() {
        assertThat(join("lobby", "Ann")
                        .push("new_msg", Map.of("body", "x".repeat(2_001)))
                        .assertError()
                        .get("reason"))
                .isEqualTo("a message has 1 to 2,000 characters; got 2,001");
    }

    @Test
    void aMessageWithoutABodyIsRefusedByName() {
        assertThat(join("lobby", "Ann").push("new_msg", Map.of()).assertError().get("field"))
                .isEqualTo("body");
    }

    @ParameterizedTest
    @CsvSource({
        "No Room!, Ann, 'a room name has 1 to 32 characters out of a-z, 0-9 and dashes; got \"No Room!\"'",
        "lobby, '  ', 'a name has 1 to 32 characters; got a blank one'"
    })
    void aBadRoomOrNameIsRefused(String room, String name, String reason) {
        assertThat(ChannelTest.joinRefused(test, channel, "room:" + room, new User(name), Map.of())
                        .get("reason"))
                .isEqualTo(reason);
        assertThat(registry.size()).isZero();
    }

    @Test
    void aRoomThatCrashedIsOpenedAnew() {
        var ann = join("lobby", "Ann");
        ann.push("new_msg", Map.of("body", "before")).assertOk();
        test.crash(registry.lookup("room:lobby").orElseThrow());
        ann.push("new_msg", Map.of("body", "after")).assertOk();

        var history = registry.lookup("room:lobby").orElseThrow().call(new Room.Msg.Tell());
        assertThat(history.lines()).extracting(Line::body).containsExactly("after");
    }
}
