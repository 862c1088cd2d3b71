package dev.martlet.web.transport;

/**
 * What a client said when it connected.
 *
 * @param path the path it asked for
 * @param query the raw query string, possibly empty
 * @param remote its address
 */
public record Handshake(String path, String query, String remote) {}
