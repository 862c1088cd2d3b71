package dev.martlet.web.test;

import dev.martlet.web.json.Json;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Lane;
import dev.martlet.web.transport.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Both ends of a connection without a network: the server's {@link Connection} and the test's client. */
final class LocalClient implements Connection, ChannelTest.Client {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final String JOIN_REF = "1";

    private final String topic;
    private final SerialLane lane = new SerialLane();
    private final List<Received> inbox = new ArrayList<>(); // guarded by this
    private @Nullable Peer peer;
    private int refs = 1;

    /** What came, of version 2 of the protocol. */
    private record Received(
            @Nullable String joinRef, @Nullable String ref, String topic, String event, Map<String, Object> payload) {}

    LocalClient(String topic) {
        this.topic = topic;
    }

    void connect(Peer server) {
        peer = server;
    }

    ChannelTest.Reply join(Map<String, ?> params) {
        return send(JOIN_REF, "phx_join", params);
    }

    // ---- the server's side -----------------------------------------------------------------------------------

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public void accept() {}

    @Override
    public void refuse(int status) {
        throw new IllegalStateException("a test client is always let in; got: " + status);
    }

    @Override
    public void write(Frame frame) {
        var received = frame.binary() ? binary(frame.bytes()) : text(frame.bytes());
        synchronized (this) {
            inbox.add(received);
            notifyAll();
        }
    }

    private static Received text(byte[] bytes) {
        var node = Json.MAPPER.readTree(bytes);
        return new Received(
                string(node.get(0)),
                string(node.get(1)),
                node.get(2).stringValue(),
                node.get(3).stringValue(),
                Json.MAPPER.convertValue(node.get(4), MAP));
    }

    /** A binary push or broadcast; its payload is {@code {"bytes": […]}}. */
    private static Received binary(byte[] bytes) {
        var sizes = bytes[0] == 2 ? 2 : bytes[0] == 0 ? 3 : 4;
        var at = 1 + sizes;
        var fields = new ArrayList<String>();
        for (var i = 1; i <= sizes; i++) {
            var size = bytes[i] & 0xFF;
            fields.add(new String(bytes, at, size, StandardCharsets.UTF_8));
            at += size;
        }
        Map<String, Object> payload = new HashMap<>(Map.of("bytes", Arrays.copyOfRange(bytes, at, bytes.length)));
        return switch (sizes) {
            case 2 -> new Received(null, null, fields.get(0), fields.get(1), payload);
            case 3 -> new Received(fields.get(0), null, fields.get(1), fields.get(2), payload);
            default ->
                new Received(
                        fields.get(0),
                        fields.get(1),
                        fields.get(2),
                        "phx_reply",
                        Map.of("status", fields.get(3), "response", payload));
        };
    }

    private static @Nullable String string(JsonNode node) {
        return node.isNull() ? null : node.asString();
    }

    @Override
    public void close(int code, String reason) {
        close();
    }

    @Override
    public void handled(int messages) {}

    // ---- the test's side -------------------------------------------------------------------------------------

    @Override
    public ChannelTest.Reply push(String event, Map<String, ?> payload) {
        return send(String.valueOf(++refs), event, payload);
    }

    private ChannelTest.Reply send(String ref, String event, Map<String, ?> payload) {
        var server = peer;
        if (server == null) {
            throw new IllegalStateException("the client is closed");
        }
        server.message(Json.bytes(Arrays.asList(JOIN_REF, ref, topic, event, payload)), false);
        return new ChannelTest.Reply() {
            @Override
            public Map<String, ?> assertOk() {
                return response(event, ref, "ok");
            }

            @Override
            public Map<String, ?> assertError() {
                return response(event, ref, "error");
            }
        };
    }

    private Map<String, ?> response(String event, String ref, String status) {
        var reply = take("a reply to " + event, r -> r.event.equals("phx_reply") && ref.equals(r.ref)).payload;
        if (!status.equals(reply.get("status"))) {
            throw new AssertionError("the reply to " + event + " was to have the status " + status + "; got: " + reply);
        }
        return Json.MAPPER.convertValue(reply.get("response"), MAP);
    }

    @Override
    public Map<String, ?> assertPush(String event) {
        return take("a push of " + event, r -> r.event.equals(event) && r.joinRef != null).payload;
    }

    @Override
    public Map<String, ?> assertBroadcast(String event) {
        return take("a broadcast of " + event, r -> r.event.equals(event) && r.joinRef == null).payload;
    }

    @Override
    public synchronized void refuteReceived(String event) {
        inbox.stream().filter(r -> r.event.equals(event)).findFirst().ifPresent(r -> {
            throw new AssertionError("no " + event + " was to come; got: " + r);
        });
    }

    @Override
    public void leave() {
        send(String.valueOf(++refs), "phx_leave", Map.of()).assertOk();
        assertClosed();
    }

    @Override
    public void assertClosed() {
        take("phx_close", r -> r.event.equals("phx_close"));
    }

    @Override
    public void assertCrashed() {
        take("phx_error", r -> r.event.equals("phx_error"));
    }

    private synchronized Received take(String what, Predicate<Received> match) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (var received : inbox) {
                if (match.test(received)) {
                    inbox.remove(received);
                    return received;
                }
            }
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(what + " was to come within " + PATIENCE.toSeconds() + " s; got: " + inbox);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    @Override
    public void close() {
        lane.execute(() -> {
            var server = peer;
            if (server != null) {
                peer = null;
                server.disconnected();
            }
        });
    }

    /** Runs tasks one after the other, on whatever thread brings the first. */
    private static final class SerialLane implements Lane {
        private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final AtomicInteger waiting = new AtomicInteger();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
            if (waiting.getAndIncrement() == 0) {
                do {
                    var next = tasks.poll();
                    if (next != null) {
                        next.run();
                    }
                } while (waiting.decrementAndGet() > 0);
            }
        }

        @Override
        public Shared share(Frame frame) {
            return new Shared() {
                @Override
                public void to(Connection connection) {
                    connection.write(frame);
                }

                @Override
                public void close() {}
            };
        }
    }
}
