package dev.martlet.web.channel;

import dev.martlet.web.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decodes a query string as Phoenix does: {@code a=1}, {@code a[b]=1} for objects, {@code a[]=1} for lists. The last of
 * equal keys wins; an empty part, such as a trailing {@code &}, is skipped.
 */
final class Params {
    private static final int MAX_PARAMS = 1_000;

    private Params() {}

    static JsonPayload parse(String query) {
        var root = JsonNodeFactory.instance.objectNode();
        var count = 0;
        for (var from = 0; from <= query.length() && count < MAX_PARAMS; count++) {
            var end = query.indexOf('&', from);
            var part = query.substring(from, end < 0 ? query.length() : end);
            if (!part.isEmpty()) {
                add(root, part);
            }
            if (end < 0) {
                break;
            }
            from = end + 1;
        }
        return new JsonPayload(root);
    }

    private static void add(ObjectNode root, String part) {
        var equals = part.indexOf('=');
        var key = decode(equals < 0 ? part : part.substring(0, equals));
        var value = equals < 0 ? "" : decode(part.substring(equals + 1));
        var bracket = key.indexOf('[');
        if (bracket <= 0 || !key.endsWith("]")) {
            root.put(key, value);
            return;
        }
        var names = key.substring(bracket + 1, key.length() - 1).split("]\\[", -1);
        if (names.length > Json.MAX_DEPTH) {
            throw new BadPayload(key.substring(0, bracket), "is nested too deep");
        }
        var at = root;
        var name = key.substring(0, bracket);
        for (var i = 0; i < names.length; i++) {
            if (names[i].isEmpty()) {
                // a[]=1: a list. What would come behind, a[][b]=1, is taken as part of the same element's name.
                var list = at.get(name) instanceof ArrayNode there ? there : at.putArray(name);
                list.add(value);
                return;
            }
            at = at.get(name) instanceof ObjectNode there ? there : at.putObject(name);
            name = names[i];
        }
        at.put(name, value);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadPayload("", "the query string is not URL-encoded");
        }
    }
}
