package dev.martlet.web.channel;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Changes the table of a {@link LocalPresence}, one request after the other, and tells the topic. */
final class PresenceProcess<M> implements Receiver {
    record Track<M>(Pid channel, String topic, String key, M meta, ObjectNode json) {}

    record Update<M>(Pid channel, String topic, String key, M meta, ObjectNode json) {}

    record Untrack(Pid channel, String topic, String key) {}

    /** Done. */
    record Ok() {}

    /** Refused. */
    record No(String why) {}

    private record Place(String topic, String key) {}

    private final LocalPresence<M> presence;
    private final Map<Pid, List<Place>> owners = new HashMap<>();

    // A ref is unique among all that a client may ever compare: this process' random number, then a count.
    private final int origin = new SecureRandom().nextInt();
    private long count;

    PresenceProcess(LocalPresence<M> presence) {
        this.presence = presence;
    }

    @Override
    @SuppressWarnings("unchecked") // requests come from the LocalPresence<M> alone
    public void request(Object message, Caller caller) throws Exception {
        switch (message) {
            case Track<?> track -> caller.reply(track((Track<M>) track));
            case Update<?> update -> caller.reply(update((Update<M>) update));
            case Untrack(var channel, var topic, var key) -> {
                var owned = owners.get(channel);
                if (owned != null && owned.remove(new Place(topic, key))) {
                    remove(channel, topic, List.of(key));
                }
                caller.reply(new Ok());
            }
            default -> Receiver.super.request(message, caller);
        }
    }

    @Override
    public void receive(Object message) {
        if (message instanceof Down(var _, var channel, var _)) {
            var owned = owners.remove(channel);
            if (owned != null) {
                var byTopic = new LinkedHashMap<String, List<String>>();
                owned.forEach(place -> byTopic.computeIfAbsent(place.topic, _ -> new ArrayList<>())
                        .add(place.key));
                byTopic.forEach((topic, keys) -> remove(channel, topic, keys));
            }
        }
    }

    private Object track(Track<M> track) {
        var place = new Place(track.topic, track.key);
        var owned = owners.get(track.channel);
        if (owned == null) {
            owned = new ArrayList<>(1);
            owners.put(track.channel, owned);
            Proc.monitor(track.channel);
        } else if (owned.contains(place)) {
            return new No("this channel is tracked on " + track.topic + " under " + track.key
                    + " already; use update to change what is said about it");
        }
        owned.add(place);
        track.json.put("phx_ref", ref());
        var entry = new PresenceMap.Entry<>((Object) track.channel, track.meta, track.json);
        presence.topic(track.topic).merge(track.key, List.of(entry), PresenceProcess::plus);
        diff(track.topic, Map.of(track.key, List.of(entry)), Map.of());
        return new Ok();
    }

    private Object update(Update<M> update) {
        var keys = presence.topic(update.topic);
        var before = entry(keys.get(update.key), update.channel);
        if (before == null) {
            presence.dropEmpty(update.topic);
            return new No("this channel is not tracked on " + update.topic + " under " + update.key);
        }
        update.json.put("phx_ref", ref()).put("phx_ref_prev", before.ref());
        var after = new PresenceMap.Entry<>((Object) update.channel, update.meta, update.json);
        keys.computeIfPresent(
                update.key,
                (_, all) -> all.stream().map(e -> e == before ? after : e).toList());
        diff(update.topic, Map.of(update.key, List.of(after)), Map.of(update.key, List.of(before)));
        return new Ok();
    }

    private void remove(Pid channel, String topic, List<String> keys) {
        var table = presence.topic(topic);
        var left = new LinkedHashMap<String, List<PresenceMap.Entry<M>>>();
        for (var key : keys) {
            var entry = entry(table.get(key), channel);
            if (entry != null) {
                table.computeIfPresent(key, (_, all) -> {
                    var rest = all.stream().filter(e -> e != entry).toList();
                    return rest.isEmpty() ? null : rest;
                });
                left.put(key, List.of(entry));
            }
        }
        presence.dropEmpty(topic);
        if (!left.isEmpty()) {
            diff(topic, Map.of(), left);
        }
    }

    private PresenceMap.@Nullable Entry<M> entry(@Nullable List<PresenceMap.Entry<M>> entries, Pid channel) {
        if (entries != null) {
            for (var entry : entries) {
                if (entry.owner() == channel) {
                    return entry;
                }
            }
        }
        return null;
    }

    private void diff(
            String topic,
            Map<String, List<PresenceMap.Entry<M>>> joins,
            Map<String, List<PresenceMap.Entry<M>>> leaves) {
        presence.pubsub.broadcast(
                Broadcast.topic(topic),
                new Broadcast(
                        "presence_diff",
                        Map.of("joins", new PresenceMap<>(joins), "leaves", new PresenceMap<>(leaves))));
    }

    private String ref() {
        var bytes = ByteBuffer.allocate(12).putInt(origin).putLong(count++).array();
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private static <T> List<T> plus(List<T> some, List<T> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
