package dev.martlet.web.netty;

import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.web.Request;
import dev.martlet.web.Response;
import dev.martlet.web.Route;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection as long as it speaks HTTP: one request after the other, the last perhaps a handshake. The loop's. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and a close has nobody to tell
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest>
        implements LoopLane.Timed, SocketConnection.Handshaking {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** How many requests a client may send before the first is answered. */
    private static final int MAX_PIPELINED = 16;

    private final Listener listener;
    private final LoopLane lane;
    private final Channel channel;
    private final ArrayDeque<FullHttpRequest> pipelined = new ArrayDeque<>(0);
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(0);
    private @Nullable Answering answering;
    private @Nullable SocketConnection connecting;
    private String key = "";
    private long time = System.nanoTime();
    private boolean reading; // a request has begun, or the first is expected
    private boolean stopping;

    /** The last answer is on its way. */
    private boolean last;

    /** What is to be known of a request until it is answered. */
    private record Answering(boolean keepAlive, boolean head) {}

    HttpConnection(Listener listener, LoopLane lane, Channel channel) {
        this.listener = listener;
        this.lane = lane;
        this.channel = channel;
        this.reading = true;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lane.add(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lane.remove(this);
        pipelined.forEach(FullHttpRequest::release);
        pipelined.clear();
        early.forEach(ByteBuf::release);
        early.clear();
        var socket = connecting;
        if (socket != null) {
            connecting = null;
            socket.gone();
        }
    }

    @Override
    public void tick(long now) {
        var limits = listener.limits();
        var patience = reading && answering == null ? limits.requestTimeout() : limits.idleTimeout();
        if (now - time > patience.toNanos()) {
            channel.close();
        }
    }

    @Override
    public void stop() {
        stopping = true;
        if (answering == null) {
            channel.close();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        time = System.nanoTime();
        if (last) {
            return;
        }
        if (answering == null) {
            serve(request);
        } else if (pipelined.size() < MAX_PIPELINED) {
            pipelined.add(request.retain());
        } else {
            channel.close();
        }
    }

    private void serve(FullHttpRequest request) {
        reading = false;
        var failure = request.decoderResult().cause();
        var hostless = request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && request.headers().getAll(HttpHeaderNames.HOST).size() != 1;
        answering = new Answering(
                HttpUtil.isKeepAlive(request) && failure == null && !hostless,
                request.method().equals(HttpMethod.HEAD));
        if (failure != null || hostless) {
            respond(Response.text("").status(failure == null ? 400 : status(failure)));
            return;
        }
        var uri = request.uri();
        var question = uri.indexOf('?');
        String path;
        try {
            path = URLDecoder.decode(
                    (question < 0 ? uri : uri.substring(0, question)).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            respond(Response.text("the path is not URL-encoded").status(400));
            return;
        }
        var query = question < 0 ? "" : uri.substring(question + 1);
        var target = listener.router().find(path);
        if (target.isEmpty()) {
            respond(notFound());
            return;
        }
        if (target.get() instanceof Router.Target.Socket socket) {
            upgrade(request, path, query, socket);
            return;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            respond(Response.text("GET and HEAD are allowed here").status(405).header("allow", "GET, HEAD"));
            return;
        }
        var asked = new Request(
                request.method().name(), path, query, headers(request), String.valueOf(channel.remoteAddress()));
        switch (target.get()) {
            case Router.Target.Get(var handler) -> run(asked, handler);
            case Router.Target.Files(var folder, var assets) ->
                run(
                        asked,
                        r -> assets.find(path.substring(folder.length()), r.header("if-none-match"))
                                .orElseGet(HttpConnection::notFound));
            case Router.Target.Socket _ -> throw new IllegalStateException("handled above");
        }
    }

    private static int status(Throwable failure) {
        return switch (failure) {
            case TooLongHttpLineException _ -> 414;
            case TooLongHttpHeaderException _ -> 431;
            default -> 400;
        };
    }

    private static Response notFound() {
        return Response.text("not found").status(404);
    }

    private static Map<String, List<String>> headers(FullHttpRequest request) {
        var headers = new HashMap<String, List<String>>();
        for (var name : request.headers().names()) {
            headers.merge(
                    name.toLowerCase(Locale.ROOT),
                    List.copyOf(request.headers().getAll(name)),
                    (some, _) -> some); // names() has each spelling; getAll ignores case
        }
        return Map.copyOf(headers);
    }

    /** Answers in a process: the handler may block, and crash. */
    private void run(Request request, Route.Handler handler) {
        var node = listener.host().node();
        node.spawn(Spawn.DEFAULT.label(request.method() + " " + request.path()), () -> {
            Response response;
            try {
                response = handler.handle(request);
            } catch (Exception e) {
                LOG.error("{} {} failed", request.method(), request.path(), e);
                node.telemetry()
                        .emit(WebEvent.HandlerFailed.class, () -> new WebEvent.HandlerFailed(request.path(), e));
                response = Response.text("internal error").status(500);
            }
            var answer = response;
            lane.execute(() -> respond(answer));
        });
    }

    private void respond(Response response) {
        var to = answering;
        if (to == null || !channel.isActive()) {
            return;
        }
        var keepAlive = to.keepAlive && !stopping;
        var head = to.head || response.status() == 304;
        var out = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        response.headers().forEach((name, value) -> out.headers().set(name, value));
        out.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        if (response.status() != 304) {
            out.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        }
        if (!keepAlive) {
            out.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        var written = channel.writeAndFlush(out);
        answering = null;
        if (!keepAlive) {
            last = true;
            written.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        time = System.nanoTime();
        var next = pipelined.poll();
        if (next != null) {
            try {
                serve(next);
            } finally {
                next.release();
            }
        }
    }

    // ---- WebSocket -------------------------------------------------------------------------------------------

    private void upgrade(FullHttpRequest request, String path, String query, Router.Target.Socket target) {
        var refusal = Upgrade.refusal(request);
        if (refusal.isPresent()) {
            respond(refusal.get());
            return;
        }
        var origin = Optional.ofNullable(request.headers().get(HttpHeaderNames.ORIGIN));
        var hostHeader = String.valueOf(request.headers().get(HttpHeaderNames.HOST));
        var host = listener.host();
        if (origin.isPresent() && !target.mount().origins().allows(origin.get(), hostHeader)) {
            host.node()
                    .telemetry()
                    .emit(WebEvent.OriginRefused.class, () -> new WebEvent.OriginRefused(path, origin.get()));
            respond(Response.text("").status(403));
            return;
        }
        key = String.valueOf(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY));
        // From here on the connection does not speak HTTP any more: what the client sends before it has our answer
        // waits,
        // in the socket or in early.
        channel.config().setAutoRead(false);
        channel.pipeline().remove(HttpServerCodec.class);
        channel.pipeline().remove(HttpObjectAggregator.class);
        var socket = new SocketConnection(listener, lane, channel, this);
        connecting = socket;
        var peer = target.acceptor()
                .orElseThrow(() -> new IllegalStateException("a router without a host serves nobody"))
                .connect(socket, new Handshake(path, query, String.valueOf(channel.remoteAddress())));
        socket.peer(peer);
        Proc.sendPriority(listener.endpoint(), new ServerProcess.Watch(peer.pid(), socket));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            early.add(bytes);
        } else {
            super.channelRead(context, message);
        }
    }

    @Override
    public void accept(SocketConnection socket) {
        connecting = null;
        lane.remove(this);
        answer(
                "101 Switching Protocols",
                "upgrade: websocket",
                "connection: upgrade",
                "sec-websocket-accept: " + Upgrade.accept(key));
        var limits = listener.limits();
        var pipeline = channel.pipeline();
        pipeline.addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(limits.messageBytes())
                        .expectMaskedFrames(true)
                        .allowMaskMismatch(false)
                        .allowExtensions(false)
                        .closeOnProtocolViolation(false) // it throws, and SocketConnection closes with its code
                        .withUTF8Validator(false) // whole messages are checked, there
                        .build()))
                .addLast(socket);
        var context = pipeline.context(this);
        for (var bytes = early.poll(); bytes != null; bytes = early.poll()) {
            context.fireChannelRead(bytes);
        }
        context.fireChannelReadComplete();
        pipeline.remove(this);
        channel.config().setAutoRead(true);
    }

    @Override
    public void refuse(int status) {
        if (connecting != null) {
            connecting = null;
            answer(HttpResponseStatus.valueOf(status).toString(), "content-length: 0", "connection: close")
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ChannelFuture answer(String status, String... headers) {
        var text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        return channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close(); // reset by peer and the like
    }
}
