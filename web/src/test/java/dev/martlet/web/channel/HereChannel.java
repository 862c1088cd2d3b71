package dev.martlet.web.channel;

import java.util.Map;

/** A channel that only shows who is here. */
record HereChannel(Presence<HereChannel.Meta> presence)
        implements Channel<HereChannel.In, HereChannel.State, AccountChannel.User> {
    record Meta(String status) {}

    record State() {}

    sealed interface In {
        record Away() implements In {}

        record Untrack() implements In {}

        record Crash() implements In {}
    }

    @Override
    public Join<State> join(String topic, Payload params, Socket<AccountChannel.User> socket) {
        presence.track(socket, socket.assigns().name(), new Meta("on"));
        socket.push("presence_state", presence.list(topic));
        return Join.ok(new State());
    }

    @Override
    public Next<State> handleIn(In event, State state, Socket<AccountChannel.User> socket) {
        switch (event) {
            case In.Away() -> presence.update(socket, socket.assigns().name(), new Meta("away"));
            case In.Untrack() -> presence.untrack(socket, socket.assigns().name());
            case In.Crash() -> throw new IllegalStateException("crash, as asked for");
        }
        return reply(Map.of(), state);
    }
}
