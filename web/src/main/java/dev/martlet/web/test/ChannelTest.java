package dev.martlet.web.test;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.Limits;
import dev.martlet.web.channel.Channel;
import dev.martlet.web.channel.Channels;
import dev.martlet.web.channel.SocketRoute;
import dev.martlet.web.transport.Handshake;
import dev.martlet.web.transport.Host;
import dev.martlet.web.transport.Mount;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * A client without a network: what it pushes, what it gets back. It drives the same socket process, serializer and
 * fan-out as a real one. What fails throws {@link AssertionError}; waiting is for facts, up to five seconds.
 *
 * {@snippet :
 * try (var test = TestProc.open()) {
 *     var ann = ChannelTest.join(test, channel, "room:lobby", new User("ann"), Map.of());
 *     ann.push("new_msg", Map.of("body", "hi")).assertOk();
 *     assertEquals("hi", ann.assertBroadcast("new_msg").get("body"));
 *     ann.push("new_msg", Map.of()).assertError();           // a missing field is refused, nothing crashes
 * }
 * }
 *
 * <p>All clients of one {@code TestProc} share a PubSub, so they hear each other; give one if the channel needs it too,
 * for a {@code Presence} for example.
 */
public final class ChannelTest {
    private static final Map<Node, PubSub> SHARED = new WeakHashMap<>();

    private ChannelTest() {}

    /** Joins {@code topic} as {@code assigns}; fails if the channel refuses. */
    public static <A> Client join(
            TestProc test, Channel<?, ?, A> channel, String topic, A assigns, Map<String, ?> params) {
        return join(shared(test.node()), channel, topic, assigns, params);
    }

    /** The same, over a PubSub that runs. */
    public static <A> Client join(
            PubSub pubsub, Channel<?, ?, A> channel, String topic, A assigns, Map<String, ?> params) {
        var client = connect(pubsub, channel, topic, assigns);
        client.join(params).assertOk();
        return client;
    }

    /** Joins where the channel is to refuse; what it answers. */
    public static <A> Map<String, ?> joinRefused(
            TestProc test, Channel<?, ?, A> channel, String topic, A assigns, Map<String, ?> params) {
        return connect(shared(test.node()), channel, topic, assigns)
                .join(params)
                .assertError();
    }

    private static <A> LocalClient connect(PubSub pubsub, Channel<?, ?, A> channel, String topic, A assigns) {
        SocketRoute route = Channels.socket("/test", _ -> Optional.of(assigns), Channels.channel(topic, channel));
        var client = new LocalClient(topic);
        client.connect(((Mount) route)
                .open(new Host(Node.current(), pubsub, Limits.DEFAULT))
                .connect(client, new Handshake("/test/websocket", "vsn=2.0.0", "test")));
        return client;
    }

    private static PubSub shared(Node node) {
        synchronized (SHARED) {
            return SHARED.computeIfAbsent(node, _ -> {
                var pubsub = PubSub.named("test");
                try {
                    pubsub.child().start().start(Spawn.DEFAULT);
                } catch (Exception e) {
                    throw new AssertionError("the PubSub of the test did not start", e);
                }
                return pubsub;
            });
        }
    }

    /** A client that has joined. */
    public interface Client extends AutoCloseable {
        /** Sends an event. */
        Reply push(String event, Map<String, ?> payload);

        /** The payload of the next push of that event to this client, which must be there or come soon. */
        Map<String, ?> assertPush(String event);

        /** The payload of the next broadcast of that event, which must be there or come soon. */
        Map<String, ?> assertBroadcast(String event);

        /** Nothing of that event, pushed or broadcast, has come that was not asked for yet. */
        void refuteReceived(String event);

        /** Leaves, and waits until the channel has ended. */
        void leave();

        /** The channel must end in an orderly way, or soon do. */
        void assertClosed();

        /** The channel must crash, or have crashed. */
        void assertCrashed();

        /** Drops the connection, as when the network is gone. */
        @Override
        void close();
    }

    /** The answer to an event. */
    public interface Reply {
        /** Its response, which must come soon with status {@code ok}. */
        Map<String, ?> assertOk();

        /** Its response, which must come soon with status {@code error}. */
        Map<String, ?> assertError();
    }
}
