package dev.martlet.web.netty;

import dev.martlet.web.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files of the class path below one folder. They do not change while the program runs, so they are read once and kept,
 * up to {@link #MAX_KEPT}.
 */
final class Assets {
    private static final long MAX_KEPT = 32L * 1024 * 1024;

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"));

    private final Class<?> anchor;
    private final String prefix;
    private final ConcurrentHashMap<String, Asset> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Asset(byte[] bytes, String etag, String type) {}

    Assets(Class<?> anchor, String prefix) {
        this.anchor = anchor;
        this.prefix = prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /**
     * The response for a file, 304 if the client has it. May read; not for event loops.
     *
     * @param path below the folder, without a leading slash
     */
    Optional<Response> find(String path, Optional<String> ifNoneMatch) {
        var name = path.isEmpty() || path.endsWith("/") ? path + "index.html" : path;
        if (!isPlain(name)) {
            return Optional.empty();
        }
        return load(name).map(asset -> response(asset, ifNoneMatch));
    }

    /** No way up, no empty or hidden segment, nothing a file system might read differently from us. */
    static boolean isPlain(String path) {
        for (var segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".")) {
                return false;
            }
        }
        return path.chars().allMatch(c -> c >= ' ' && c != '\\' && c != ':' && c != 127) && !path.endsWith(".class");
    }

    private Optional<Asset> load(String name) {
        var known = kept.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        try (var in = anchor.getResourceAsStream(prefix + name)) {
            if (in == null) {
                return Optional.empty();
            }
            var bytes = in.readAllBytes();
            var asset = new Asset(bytes, etag(bytes), type(name));
            if (keptBytes.addAndGet(bytes.length) <= MAX_KEPT) {
                kept.put(name, asset);
            } else {
                keptBytes.addAndGet(-bytes.length);
            }
            return Optional.of(asset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response response(Asset asset, Optional<String> ifNoneMatch) {
        var has = ifNoneMatch
                .map(tags -> Arrays.stream(tags.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals(asset.etag) || tag.equals("*")))
                .orElse(false);
        var full = Response.of(asset.type, asset.bytes)
                .header("etag", asset.etag)
                .header("cache-control", "no-cache") // keep it, but ask whether it is still the same
                .header("x-content-type-options", "nosniff");
        return has ? new Response(304, full.headers(), new byte[0]) : full;
    }

    private static String type(String name) {
        var dot = name.lastIndexOf('.');
        return TYPES.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), "application/octet-stream");
    }

    private static String etag(byte[] bytes) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
