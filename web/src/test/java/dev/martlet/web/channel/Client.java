package dev.martlet.web.channel;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the JDK's client, for what the npm client would never send. */
final class Client implements AutoCloseable, WebSocket.Listener {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int PATIENCE = 5;

    final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final WebSocket socket;

    Client(int port, String query, String... headers) throws Exception {
        var builder = HTTP.newWebSocketBuilder();
        for (var i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/socket/websocket?" + query), this)
                .get(PATIENCE, TimeUnit.SECONDS);
    }

    static Client v2(int port) throws Exception {
        return new Client(port, "vsn=2.0.0&user=ann");
    }

    void send(String text) throws Exception {
        socket.sendText(text, true).get(PATIENCE, TimeUnit.SECONDS);
    }

    void send(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE, TimeUnit.SECONDS);
    }

    void fragment(String text, boolean last) throws Exception {
        socket.sendText(text, last).get(PATIENCE, TimeUnit.SECONDS);
    }

    /** The next message; those of binary kind as "binary " and their length. */
    String next() throws Exception {
        var message = received.poll(PATIENCE, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came; close code: " + closed.getNow(null));
        }
        return message;
    }

    int closeCode() throws Exception {
        return closed.get(PATIENCE, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            received.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
        var bytes = new byte[part.remaining()];
        part.get(bytes);
        data.writeBytes(bytes);
        if (last) {
            received.add("binary " + java.util.HexFormat.of().formatHex(data.toByteArray()));
            data.reset();
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
