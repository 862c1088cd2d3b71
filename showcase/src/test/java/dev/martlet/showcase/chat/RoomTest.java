package dev.martlet.showcase.chat;

import static dev.martlet.otp.Child.child;
import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.test.TestProc;
import dev.martlet.pubsub.PubSub;
import dev.martlet.showcase.chat.Room.Msg.Post;
import dev.martlet.showcase.chat.Room.Msg.Tell;
import dev.martlet.web.channel.Broadcast;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String TOPIC = "room:lobby";

    private final PubSub pubsub = PubSub.named("test");
    private final Room lobby = new Room(TOPIC, pubsub, InstantSource.fixed(NOON));
    private TestProc test;
    private Ref<Room.Msg> room;

    @BeforeEach
    void start() {
        test = TestProc.open();
        test.start(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, child(pubsub)));
        room = test.start(lobby);
    }

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void tellsWhatWasSaidInItsOrderWithIdsAndTimes() {
        var first = room.call(new Post("Ann", "hi", "k1"));
        var second = room.call(new Post("Ben", "hello", ""));

        var history = room.call(new Tell());
        assertThat(history.lines()).containsExactly(first, second);
        assertThat(first).isEqualTo(new Line(history.epoch() + "-1", "Ann", "hi", NOON, "k1"));
        assertThat(second.id()).isEqualTo(history.epoch() + "-2");
    }

    @Test
    void tellsEverybodyOnItsTopic() {
        pubsub.subscribe(Broadcast.topic(TOPIC));
        var line = room.call(new Post("Ann", "hi", ""));

        var broadcast = test.assertReceive(Broadcast.class);
        assertThat(broadcast.event()).isEqualTo("new_msg");
        assertThat(broadcast.payload()).isEqualTo(line);
    }

    @Test
    void remembersTheLastHundredLines() {
        for (var i = 1; i <= Room.REMEMBERED + 20; i++) {
            room.call(new Post("Ann", "line " + i, ""));
        }
        var lines = room.call(new Tell()).lines();
        assertThat(lines).hasSize(Room.REMEMBERED);
        assertThat(lines.getFirst().body()).isEqualTo("line 21");
        assertThat(lines.getLast().body()).isEqualTo("line 120");
    }

    @Test
    void saysAMessageThatIsRepeatedOnce() {
        var said = room.call(new Post("Ann", "hi", "k1"));
        pubsub.subscribe(Broadcast.topic(TOPIC));

        assertThat(room.call(new Post("Ann", "hi", "k1"))).isEqualTo(said);
        test.refuteReceive(Broadcast.class);

        assertThat(room.call(new Post("Ben", "hi", "k1"))).isNotEqualTo(said);
        assertThat(room.call(new Post("Ann", "hi", ""))).isNotEqualTo(room.call(new Post("Ann", "hi", "")));
        assertThat(room.call(new Tell()).lines()).hasSize(4);
    }

    @Test
    void startsANewEpochWhenItIsRestarted() {
        var later = test.start(new Room(TOPIC, pubsub, InstantSource.fixed(NOON.plusMillis(1))));
        assertThat(later.call(new Tell()).epoch())
                .isNotEqualTo(room.call(new Tell()).epoch());
    }

    @Test
    void endsWhenNobodySpeaksForADay() {
        room.call(new Post("Ann", "hi", ""));
        test.await("the room to watch the time", () -> test.node().timerCount() == 1);
        test.advance(Room.IDLE.plusSeconds(1));
        test.await("the room to end", () -> room.pid().filter(Pid::isAlive).isEmpty());
    }

    @Test
    void isAFunction() {
        var empty = new Room.State(new Room.History("e", List.of()), 0);
        var tell = new Tell();
        assertThat(lobby.handle(tell, empty))
                .isEqualTo(lobby.reply(tell, empty.history(), empty).within(Room.IDLE));
        assertThat(lobby.handleInfo(new GenServer.Timeout(), empty))
                .isEqualTo(new Next.Stop<>(ExitReason.NORMAL, empty));
    }
}
