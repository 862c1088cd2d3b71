package dev.martlet.web.netty;

import dev.martlet.web.Limits;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Lane;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One event loop with its connections. All but {@link #execute} belongs to the loop.
 *
 * <p>Time-outs cost a connection one long: every so often the loop looks at all of them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and a close has nobody to tell
final class LoopLane implements Lane {
    /** What has a time-out. */
    interface Timed {
        /** Closes itself if it has been silent for too long. */
        void tick(long now);

        /** Closes in an orderly way, as the endpoint stops. */
        void stop();
    }

    private final EventLoop loop;
    private final Set<Timed> connections = new HashSet<>();
    private final Promise<Void> allClosed;
    private ArrayList<SocketConnection> dirty = new ArrayList<>();
    private boolean flushing;
    private boolean closing;

    LoopLane(EventLoop loop, Limits limits) {
        this.loop = loop;
        this.allClosed = loop.newPromise();
        var shortest = Math.min(
                limits.idleTimeout().toMillis(), limits.requestTimeout().toMillis());
        var period = Math.clamp(shortest / 8, 10, 1_000);
        loop.scheduleAtFixedRate(this::tick, period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The endpoint has stopped, and with it every connection: there is nobody left to write to.
        }
    }

    boolean inLoop() {
        return loop.inEventLoop();
    }

    void add(Timed connection) {
        connections.add(connection);
        if (closing) {
            connection.stop();
        }
    }

    void remove(Timed connection) {
        connections.remove(connection);
        if (closing && connections.isEmpty()) {
            allClosed.trySuccess(null);
        }
    }

    private void tick() {
        var now = System.nanoTime();
        for (var connection : List.copyOf(connections)) {
            connection.tick(now);
        }
    }

    void closeAll() {
        closing = true;
        if (connections.isEmpty()) {
            allClosed.trySuccess(null);
        }
        for (var connection : List.copyOf(connections)) {
            connection.stop();
        }
    }

    Future<Void> allClosed() {
        return allClosed;
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    /**
     * Has the connection flushed at the end of this turn. The task that flushes goes behind all that wait already, so
     * what they write leaves in the same system call.
     */
    void flushLater(SocketConnection connection) {
        dirty.add(connection);
        if (!flushing) {
            flushing = true;
            execute(this::flushDirty);
        }
    }

    private void flushDirty() {
        flushing = false;
        var now = dirty;
        dirty = new ArrayList<>(Math.min(now.size(), 1_024));
        now.forEach(SocketConnection::flush);
    }

    /** A frame with its WebSocket header, unmasked as a server's are, in one buffer. */
    static ByteBuf encode(Frame frame, ByteBufAllocator allocator) {
        return encode(frame.binary() ? 0x2 : 0x1, frame.bytes(), allocator);
    }

    static ByteBuf encode(int opcode, byte[] payload, ByteBufAllocator allocator) {
        var size = payload.length;
        var buffer = allocator.directBuffer(size + 10);
        buffer.writeByte(0x80 | opcode);
        if (size < 126) {
            buffer.writeByte(size);
        } else if (size <= 0xFFFF) {
            buffer.writeByte(126).writeShort(size);
        } else {
            buffer.writeByte(127).writeLong(size);
        }
        return buffer.writeBytes(payload);
    }

    @Override
    public Shared share(Frame frame) {
        var buffer = encode(frame, ByteBufAllocator.DEFAULT);
        return new Shared() {
            @Override
            public void to(Connection connection) {
                ((SocketConnection) connection).writeShared(buffer);
            }

            @Override
            public void close() {
                buffer.release();
            }
        };
    }
}
