package dev.martlet.showcase.chat;

import dev.martlet.web.channel.Channel;
import dev.martlet.web.channel.Join;
import dev.martlet.web.channel.Payload;
import dev.martlet.web.channel.Presence;
import dev.martlet.web.channel.Socket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The client's door to a {@link Room}, joined as {@code room:<name>}. Its events on the wire are {@code new_msg} and {@code
 * typing}, from and to the client; a join is answered with the room's history.
 *
 * @param rooms finds a room, and opens it if need be
 * @param presence who is where
 * @param clock tells since when somebody is here
 */
public record RoomChannel(Rooms rooms, Presence<RoomChannel.Meta> presence, InstantSource clock)
        implements Channel<RoomChannel.In, RoomChannel.State, User> {
    static final String PREFIX = "room:";

    /** What clients may say. */
    public sealed interface In {
        /**
         * Something to say.
         *
         * @param body what
         * @param key what the client calls this message; the same again is the same message; may be missing
         */
        record NewMsg(String body, Optional<String> key) implements In {}

        /** The user is writing; to be told to the others, and worth nothing later. */
        record Typing() implements In {}
    }

    /**
     * What the channel keeps.
     *
     * @param topic the room's; its process is looked up for each message, as it may have been restarted
     */
    public record State(String topic) {}

    /**
     * What is told about each one who is here.
     *
     * @param onlineAt since when
     */
    public record Meta(Instant onlineAt) {}

    @Override
    public Join<State> join(String topic, Payload params, Socket<User> socket) {
        var room = topic.substring(PREFIX.length());
        var user = socket.assigns().name();
        var problem = Rules.problemWithRoom(room)
                .or(() -> Rules.problemWithName(user))
                .or(() -> rooms.problemWithOpening(topic));
        if (problem.isPresent()) {
            return Join.refused(problem.get());
        }
        presence.track(socket, user, new Meta(clock.instant()));
        socket.push("presence_state", presence.list(topic));
        return Join.ok(new State(topic), rooms.open(topic).call(new Room.Msg.Tell()));
    }

    @Override
    public Next<State> handleIn(In event, State state, Socket<User> socket) {
        var user = socket.assigns();
        return switch (event) {
            case In.NewMsg(var body, var key) -> say(user, body.strip(), key.orElse(""), state);
            case In.Typing() -> {
                socket.broadcastFrom("typing", user);
                yield next(state);
            }
        };
    }

    private Next<State> say(User user, String body, String key, State state) {
        var problem = Rules.problemWithMessage(body, key);
        return problem.isPresent()
                ? replyError(Map.of("reason", problem.get()), state)
                : reply(rooms.open(state.topic()).call(new Room.Msg.Post(user.name(), body, key)), state);
    }
}
