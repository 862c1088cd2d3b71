package dev.martlet.showcase;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.REST_FOR_ONE;
import static dev.martlet.web.channel.Channels.channel;
import static dev.martlet.web.channel.Channels.socket;

import dev.martlet.otp.Registry;
import dev.martlet.otp.Supervisor;
import dev.martlet.pubsub.PubSub;
import dev.martlet.showcase.chat.Room;
import dev.martlet.showcase.chat.RoomChannel;
import dev.martlet.showcase.chat.Rooms;
import dev.martlet.showcase.chat.User;
import dev.martlet.web.Endpoint;
import dev.martlet.web.Response;
import dev.martlet.web.Route;
import dev.martlet.web.channel.Presence;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * The whole application, top to bottom: what it is made of, in what order it starts, how it fails.
 *
 * @param web its web server
 * @param tree all of it
 */
public record Showcase(Endpoint web, Supervisor tree) {
    /** The showcase, served on {@code port}; 0 takes any free one. */
    public static Showcase on(int port) {
        var clock = InstantSource.system();
        var pubsub = PubSub.named("showcase");
        var presence = Presence.over(pubsub, RoomChannel.Meta.class);
        var registry = Registry.<String, Room.Msg>unique("rooms");
        var rooms = new Rooms(registry, pubsub, clock);

        var web = Endpoint.http(
                        port,
                        socket("/socket", User::connect, channel("room:*", new RoomChannel(rooms, presence, clock))),
                        Route.get("/health", _ -> Response.json(Map.of("status", "ok"))),
                        Route.files("/", Showcase.class, "/dev/martlet/showcase/web-pages"))
                .pubsub(pubsub);

        var tree = Supervisor.of(
                        REST_FOR_ONE,
                        child(pubsub),
                        child(presence),
                        child(registry),
                        child(web).shutdown(Duration.ofSeconds(30)))
                .maxRestarts(3, Duration.ofSeconds(5));
        return new Showcase(web, tree);
    }

    /** The tree of the showcase on that port. */
    public static Supervisor tree(int port) {
        return on(port).tree();
    }
}
