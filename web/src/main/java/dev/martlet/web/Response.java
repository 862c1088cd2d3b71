package dev.martlet.web;

import dev.martlet.web.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP response. {@code Content-Length} and {@code Date} are added when it is sent.
 *
 * {@snippet :
 * Response.json(Map.of("status", "ok")).header("cache-control", "no-store")
 * Response.text("not yet").status(503)
 * }
 *
 * @param status the status code
 * @param headers by name; one value each
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are not compared
public record Response(int status, Map<String, String> headers, byte[] body) {
    /** Keeps a copy of the headers. */
    public Response {
        headers = Map.copyOf(headers);
    }

    /** 200 with plain text. */
    public static Response text(String text) {
        return of("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with HTML. */
    public static Response html(String html) {
        return of("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /** 200 with a value as JSON: a map, a list, a record. */
    public static Response json(Object value) {
        return of("application/json", Json.bytes(value));
    }

    /** 200 with bytes of a type. */
    public static Response of(String contentType, byte[] body) {
        return new Response(200, Map.of("content-type", contentType), body);
    }

    /** With that status. */
    public Response status(int status) {
        return new Response(status, headers, body);
    }

    /** With that header, in place of one of the same name. */
    public Response header(String name, String value) {
        var changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new Response(status, changed, body);
    }
}
