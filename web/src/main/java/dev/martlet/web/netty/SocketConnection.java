package dev.martlet.web.netty;

import dev.martlet.kernel.ExitReason;
import dev.martlet.web.Limits;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Lane;
import dev.martlet.web.transport.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket. All but the few methods that say otherwise belongs to its event loop.
 *
 * <p><b>Inbound flow control.</b> {@code waiting} counts the messages that the peer has and has not handled. At the limit
 * reading stops, the client's TCP window fills, and what the decoder still had goes to {@code backlog}; when half are
 * handled the backlog goes first, then reading begins again. Nothing is lost and the peer's mailbox has a bound.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and a close has nobody to tell
final class SocketConnection extends ChannelInboundHandlerAdapter implements Connection, LoopLane.Timed {
    private static final long CLOSE_GRACE = TimeUnit.SECONDS.toNanos(2);

    private final LoopLane lane;
    private final Channel channel;
    private final Limits limits;
    private final Listener listener;
    private final AtomicInteger waiting = new AtomicInteger();

    private @Nullable Peer peer;
    private @Nullable Handshaking handshaking; // until it is open
    private @Nullable ByteBuf fragments;
    private boolean binary;
    private @Nullable ArrayDeque<Message> backlog;
    private volatile boolean paused;
    private boolean dirty;
    private boolean open;

    /** When it read last; once it is closing, when it gives up waiting for the client. */
    private long time = System.nanoTime();

    private boolean closing;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Message(byte[] bytes, boolean binary) {}

    /** The HTTP side, which completes the handshake. */
    interface Handshaking {
        void accept(SocketConnection connection);

        void refuse(int status);
    }

    SocketConnection(Listener listener, LoopLane lane, Channel channel, Handshaking handshaking) {
        this.listener = listener;
        this.lane = lane;
        this.channel = channel;
        this.limits = listener.limits();
        this.handshaking = handshaking;
    }

    void peer(Peer peer) {
        this.peer = peer;
    }

    // ---- what processes call ---------------------------------------------------------------------------------

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public void accept() {
        lane.execute(() -> {
            var http = handshaking;
            if (http != null && channel.isActive()) {
                http.accept(this);
            }
        });
    }

    @Override
    public void refuse(int status) {
        lane.execute(() -> {
            var http = handshaking;
            if (http != null) {
                http.refuse(status);
            }
        });
    }

    @Override
    public void handled(int messages) {
        var left = waiting.addAndGet(-messages);
        if (paused && left <= limits.inboundMessages() / 2) {
            lane.execute(this::resume);
        }
    }

    /** The process of the socket is gone. From the endpoint's process. */
    void processEnded(ExitReason reason) {
        lane.execute(() -> {
            if (open) {
                close(reason.isCrash() ? 1011 : 1012, "");
            } else if (reason.isCrash()) {
                refuse(500);
            }
        });
    }

    // ---- opening and closing ---------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        open = true;
        handshaking = null;
        lane.add(this);
        if (!channel.isActive()) {
            gone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    /** The TCP connection is closed. */
    void gone() {
        open = false;
        lane.remove(this);
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
        backlog = null;
        var other = peer;
        if (other != null) {
            peer = null;
            other.disconnected();
        }
    }

    @Override
    public void close(int code, String reason) {
        if (!open || closing) {
            return;
        }
        closing = true;
        time = System.nanoTime();
        var text = reason.getBytes(StandardCharsets.UTF_8);
        var payload =
                ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text);
        channel.writeAndFlush(LoopLane.encode(0x8, payload.array(), channel.alloc()));
        backlog = null;
        channel.config().setAutoRead(true); // for the client's answer
    }

    @Override
    public void stop() {
        close(1012, "restart");
    }

    @Override
    public void tick(long now) {
        if (closing) {
            if (now - time > CLOSE_GRACE) {
                channel.close();
            }
        } else if (!paused && now - time > limits.idleTimeout().toNanos()) {
            close(1001, "idle"); // 1000 would tell older clients not to come back
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            read(frame);
        } finally {
            frame.release();
        }
    }

    private void read(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            closed(close);
            return;
        }
        if (closing) {
            return;
        }
        switch (frame) {
            case PingWebSocketFrame ping -> out(LoopLane.encode(0xA, bytes(ping.content()), channel.alloc()));
            case TextWebSocketFrame text -> first(text, false);
            case BinaryWebSocketFrame data -> first(data, true);
            case ContinuationWebSocketFrame next -> continued(next);
            default -> {} // pongs
        }
    }

    private void closed(CloseWebSocketFrame frame) {
        if (closing) {
            channel.close();
            return;
        }
        closing = true;
        time = System.nanoTime();
        var answer = frame.statusCode() == -1 ? new byte[0] : new byte[] {(byte) (1000 >> 8), (byte) 1000};
        channel.writeAndFlush(LoopLane.encode(0x8, answer, channel.alloc())).addListener(_ -> channel.close());
    }

    private void first(WebSocketFrame frame, boolean isBinary) {
        binary = isBinary;
        if (frame.isFinalFragment()) {
            complete(bytes(frame.content()));
        } else {
            fragments = Unpooled.buffer(frame.content().readableBytes()).writeBytes(frame.content());
        }
    }

    private void continued(ContinuationWebSocketFrame frame) {
        var sofar = fragments;
        if (sofar == null) {
            return; // the decoder refuses a continuation of nothing
        }
        if (sofar.readableBytes() + frame.content().readableBytes() > limits.messageBytes()) {
            sofar.release();
            fragments = null;
            tooBig();
            return;
        }
        sofar.writeBytes(frame.content());
        if (frame.isFinalFragment()) {
            fragments = null;
            complete(bytes(sofar));
            sofar.release();
        }
    }

    private void tooBig() {
        close(1009, "a message has at most " + limits.messageBytes() + " bytes");
    }

    private void complete(byte[] bytes) {
        if (!binary && !Utf8.isValid(bytes)) {
            close(1007, "a text message is UTF-8");
            return;
        }
        var message = new Message(bytes, binary);
        if (backlog != null) {
            backlog.add(message);
        } else if (waiting.get() >= limits.inboundMessages()) {
            backlog = new ArrayDeque<>();
            backlog.add(message);
            channel.config().setAutoRead(false);
            paused = true;
            if (waiting.get() <= limits.inboundMessages() / 2) {
                lane.execute(this::resume); // handled() looked before we said that we wait for it
            }
        } else {
            hand(message);
        }
    }

    private void hand(Message message) {
        var other = peer;
        if (other != null) {
            waiting.incrementAndGet();
            other.message(message.bytes, message.binary);
        }
    }

    private void resume() {
        while (backlog != null && waiting.get() < limits.inboundMessages()) {
            var message = backlog.poll();
            if (message != null) {
                hand(message);
            } else {
                backlog = null;
            }
        }
        if (paused && backlog == null) {
            paused = false;
            time = System.nanoTime();
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!closing) {
            time = System.nanoTime();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            close(corrupted.closeStatus().code(), String.valueOf(corrupted.getMessage()));
            // The decoder cannot read on, not even the client's answer: end our half, so that it ends its own.
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            channel.close(); // reset by peer and the like
        }
    }

    private static byte[] bytes(ByteBuf content) {
        var bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        return bytes;
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    @Override
    public void write(Frame frame) {
        if (open && !closing) {
            out(LoopLane.encode(frame, channel.alloc()));
        }
    }

    /** Writes a buffer that others write too. */
    void writeShared(ByteBuf frame) {
        if (open && !closing) {
            out(frame.retainedDuplicate());
        }
    }

    private void out(ByteBuf frame) {
        channel.write(frame, channel.voidPromise());
        if (!channel.isWritable()) {
            channel.flush(); // perhaps it is only this turn that is too much, not the client too slow
            if (!channel.isWritable()) {
                slow();
            }
        } else if (!dirty) {
            dirty = true;
            lane.flushLater(this);
        }
    }

    private void slow() {
        closing = true;
        var remote = String.valueOf(channel.remoteAddress());
        listener.host().node().telemetry().emit(WebEvent.SlowClient.class, () -> new WebEvent.SlowClient(remote));
        channel.close(); // a close frame would only queue up behind the rest
    }

    void flush() {
        dirty = false;
        channel.flush();
    }
}
