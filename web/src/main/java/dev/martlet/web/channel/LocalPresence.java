package dev.martlet.web.channel;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Child;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.json.Json;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The table of one Presence. {@link PresenceProcess} alone changes it and broadcasts, table first, so a list is never
 * older than a diff that has been sent; anybody reads it.
 */
final class LocalPresence<M> implements Presence<M> {
    final PubSub pubsub;
    private final Class<M> type;
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, List<PresenceMap.Entry<M>>>> topics =
            new ConcurrentHashMap<>();
    private volatile @Nullable Pid process;

    LocalPresence(PubSub pubsub, Class<M> type) {
        this.pubsub = pubsub;
        this.type = type;
    }

    @Override
    public Child child() {
        return Child.of("Presence over " + pubsub.name(), spawn -> {
            topics.clear(); // entries belong to a process that no longer watches their owners
            var started =
                    Node.current().spawn(spawn.label("Presence over " + pubsub.name()), new PresenceProcess<>(this));
            process = started;
            return started;
        });
    }

    @Override
    public void track(Socket<?> socket, String key, M meta) {
        ask(new PresenceProcess.Track<>(channel(socket), socket.topic(), key, meta, json(meta)));
    }

    @Override
    public void update(Socket<?> socket, String key, M meta) {
        ask(new PresenceProcess.Update<>(channel(socket), socket.topic(), key, meta, json(meta)));
    }

    @Override
    public void untrack(Socket<?> socket, String key) {
        ask(new PresenceProcess.Untrack(channel(socket), socket.topic(), key));
    }

    private Pid channel(Socket<?> socket) {
        if (socket.pubsub() != pubsub) {
            throw new IllegalStateException("this Presence is over " + pubsub + ", but the socket's endpoint broadcasts"
                    + " over " + socket.pubsub() + ", so nobody would hear of it: give both the same PubSub, as in"
                    + " Endpoint.http(port, routes).pubsub(pubsub)");
        }
        return ((ChannelSocket<?>) socket).channel();
    }

    private ObjectNode json(M meta) {
        var node = Json.MAPPER.valueToTree(type.cast(meta));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("a meta becomes a JSON object, such as a record or a map; got: " + meta);
    }

    private void ask(Object request) {
        var now = process;
        if (now == null) {
            throw new IllegalStateException("Presence over " + pubsub.name()
                    + " does not run: put child(presence) into the supervision tree, before the endpoint");
        }
        Object refusal;
        try {
            refusal = Proc.call(now, request, Node.current().config().callTimeout());
        } catch (CallFailed e) {
            throw new IllegalStateException("Presence over " + pubsub.name() + " did not answer", e);
        }
        if (refusal instanceof PresenceProcess.No(var why)) {
            throw new IllegalStateException(why);
        }
    }

    ConcurrentHashMap<String, List<PresenceMap.Entry<M>>> topic(String name) {
        return topics.computeIfAbsent(name, _ -> new ConcurrentHashMap<>());
    }

    void dropEmpty(String name) {
        topics.computeIfPresent(name, (_, keys) -> keys.isEmpty() ? null : keys);
    }

    @Override
    public Presences<M> list(String topic) {
        var keys = topics.get(topic);
        return keys == null ? PresenceMap.empty() : new PresenceMap<>(new TreeMap<>(keys));
    }
}
