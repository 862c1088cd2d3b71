package dev.martlet.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request.
 *
 * @param method in capitals
 * @param path decoded, without the query
 * @param query the raw query string, possibly empty
 * @param headers by name in lower case
 * @param remote the client's address
 */
public record Request(String method, String path, String query, Map<String, List<String>> headers, String remote) {
    /** The first header of that name, in any case. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }
}
