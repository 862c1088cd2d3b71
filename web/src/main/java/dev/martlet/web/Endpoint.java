package dev.martlet.web;

import dev.martlet.otp.Supervised;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.netty.Server;
import java.util.List;
import java.util.Optional;

/**
 * The web server of one application; a child like any other.
 *
 * {@snippet :
 * var web = Endpoint.http(4000,
 *         socket("/socket", User::connect, channel("room:*", new RoomChannel(rooms, presence))),
 *         Route.files("/", Main.class, "/chat/pages"))
 *     .pubsub(pubsub);
 *
 * Supervisor.of(REST_FOR_ONE, child(pubsub), child(presence), child(web).shutdown(Duration.ofSeconds(30)));
 * }
 *
 * <p>It binds its port when it starts; if that fails, so does the start, with a message such as {@code port 4000 is in
 * use}. When it is stopped it closes its sockets with code 1012 (service restart), upon which Phoenix clients connect
 * again. Event loops only move bytes: whatever an application supplies runs in processes.
 *
 * <p>After <a href="https://hexdocs.pm/phoenix/Phoenix.Endpoint.html">Phoenix.Endpoint</a>.
 */
public interface Endpoint extends Supervised {
    /**
     * An endpoint on a port of this machine's loopback address; see {@link #address}.
     *
     * @param port 0 for any free one, see {@link #port()}
     */
    static Endpoint http(int port, Route... routes) {
        return new Server(new Server.Config(
                "127.0.0.1",
                port,
                List.of(routes),
                Optional.empty(),
                Limits.DEFAULT,
                Math.max(1, Runtime.getRuntime().availableProcessors())));
    }

    /**
     * A copy whose channels broadcast over that PubSub, which is started by somebody else. Without one it brings its own.
     */
    Endpoint pubsub(PubSub pubsub);

    /** A copy that listens on that address; {@code 0.0.0.0} is every address of the machine. */
    Endpoint address(String address);

    /** A copy with those limits. */
    Endpoint limits(Limits limits);

    /** A copy with so many event loops; one for each processor if nobody says otherwise. */
    Endpoint eventLoops(int count);

    /**
     * The port it listens on.
     *
     * @throws IllegalStateException if it does not run
     */
    int port();

    /** Over which its channels broadcast. */
    PubSub pubsub();

    /** Sends an event to everybody who has joined a topic; the same as a channel's own broadcast. */
    void broadcast(String topic, String event, Object payload);
}
