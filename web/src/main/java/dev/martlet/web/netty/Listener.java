package dev.martlet.web.netty;

import dev.martlet.kernel.Pid;
import dev.martlet.web.Limits;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Host;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** An open port with its event loops. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and a close has nobody to tell
final class Listener {
    private final EventLoopGroup loops;
    private final Map<EventLoop, LoopLane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Router router;
    private final Pid endpoint;
    private final Host host;
    private Channel channel;

    @SuppressWarnings("NullAway.Init") // the channel exists once bind has succeeded, and open() returns only then
    private Listener(EventLoopGroup loops, Router router, Host host, Pid endpoint) {
        this.loops = loops;
        this.router = router;
        this.host = host;
        this.endpoint = endpoint;
    }

    static Listener open(Server.Config config, Host host, Pid endpoint) throws IOException {
        var epoll = Epoll.isAvailable();
        var threads = new DefaultThreadFactory("martlet-io-" + config.port(), true);
        var loops = new MultiThreadIoEventLoopGroup(
                config.eventLoops(), threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        var listener = new Listener(loops, Router.open(config.routes(), host), host, endpoint);
        var outbound = config.limits().outboundBytes();
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 4_096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(outbound / 2, outbound))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        listener.accepted(connection);
                    }
                })
                .bind(config.address(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException(whyNot(config, bound.cause()), bound.cause());
        }
        listener.channel = bound.channel();
        return listener;
    }

    private static String whyNot(Server.Config config, Throwable cause) {
        var inUse = cause instanceof BindException
                || String.valueOf(cause.getMessage()).contains("Address already in use");
        return inUse && String.valueOf(cause.getMessage()).contains("in use")
                ? "port " + config.port() + " is in use"
                : "cannot listen on " + config.address() + ", port " + config.port() + ": " + cause.getMessage();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    Limits limits() {
        return host.limits();
    }

    Host host() {
        return host;
    }

    Router router() {
        return router;
    }

    Pid endpoint() {
        return endpoint;
    }

    private LoopLane lane(EventLoop loop) {
        return lanes.computeIfAbsent(loop, l -> new LoopLane(l, limits()));
    }

    private void accepted(Channel connection) {
        if (closed.get() || connections.incrementAndGet() > limits().connections()) {
            connections.decrementAndGet();
            var remote = String.valueOf(connection.remoteAddress());
            host.node()
                    .telemetry()
                    .emit(WebEvent.TooManyConnections.class, () -> new WebEvent.TooManyConnections(remote));
            connection.close();
            return;
        }
        connection.closeFuture().addListener(_ -> connections.decrementAndGet());
        var limits = limits();
        connection
                .pipeline()
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLineBytes())
                        .setMaxHeaderSize(limits.headerBytes())))
                .addLast(new HttpObjectAggregator(limits.bodyBytes()))
                .addLast(new HttpConnection(this, lane(connection.eventLoop()), connection));
    }

    /** Stops listening, closes the sockets with 1012 and lets them go, for at most {@link Limits#stopTimeout}. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            loops.terminationFuture().awaitUninterruptibly();
            return;
        }
        channel.close().awaitUninterruptibly();
        for (var lane : lanes.values()) {
            lane.execute(lane::closeAll);
        }
        var deadline = System.nanoTime() + limits().stopTimeout().toNanos();
        for (var lane : lanes.values()) {
            lane.allClosed().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
