package dev.martlet.web.netty;

import dev.martlet.web.Response;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** The WebSocket handshake of RFC 6455, section 4. */
final class Upgrade {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Upgrade() {}

    /** Why this is no handshake, or nothing. */
    static Optional<Response> refusal(FullHttpRequest request) {
        var headers = request.headers();
        if (!request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || request.content().isReadable()
                || !headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)) {
            return Optional.of(Response.text("this is a WebSocket; a handshake (GET, HTTP/1.1, Upgrade: websocket,"
                            + " Connection: Upgrade, no body) is expected here")
                    .status(400));
        }
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return Optional.of(Response.text("WebSocket version 13 is expected")
                    .status(426)
                    .header("sec-websocket-version", "13"));
        }
        if (headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() != 1
                || !isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))
                || headers.getAll(HttpHeaderNames.HOST).size() != 1
                || headers.getAll(HttpHeaderNames.ORIGIN).size() > 1) {
            return Optional.of(
                    Response.text("one Sec-WebSocket-Key of 16 bytes, one Host and at most one Origin are expected")
                            .status(400));
        }
        return Optional.empty();
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static String accept(String key) {
        try {
            var hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
