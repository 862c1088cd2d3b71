package dev.martlet.web.channel;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.node.ObjectNode;

/** Entries by key; on the wire {@code {key: {"metas": [meta, …]}}}. */
record PresenceMap<M>(Map<String, List<Entry<M>>> entries) implements Presences<M>, JacksonSerializable {
    /**
     * One entry.
     *
     * @param meta as the application gave it
     * @param json the same with {@code phx_ref}
     */
    record Entry<M>(Object owner, M meta, ObjectNode json) {
        String ref() {
            return json.get("phx_ref").stringValue();
        }
    }

    static <M> PresenceMap<M> empty() {
        return new PresenceMap<>(Map.of());
    }

    @Override
    public Set<String> keys() {
        return Set.copyOf(entries.keySet());
    }

    @Override
    public List<M> metas(String key) {
        return entries.getOrDefault(key, List.of()).stream().map(Entry::meta).toList();
    }

    @Override
    public Map<String, List<M>> asMap() {
        return entries.keySet().stream().collect(Collectors.toUnmodifiableMap(key -> key, this::metas));
    }

    @Override
    public void serialize(JsonGenerator gen, SerializationContext context) {
        gen.writeStartObject();
        entries.forEach((key, metas) -> {
            gen.writeName(key);
            gen.writeStartObject();
            gen.writeName("metas");
            gen.writeStartArray();
            metas.forEach(entry -> gen.writeTree(entry.json));
            gen.writeEndArray();
            gen.writeEndObject();
        });
        gen.writeEndObject();
    }

    @Override
    public void serializeWithType(JsonGenerator gen, SerializationContext context, TypeSerializer types) {
        serialize(gen, context);
    }
}
