package dev.martlet.web.channel;

import dev.martlet.kernel.Pid;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Lane;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection on one topic: where its output passes. Its state is the lane's:
 *
 * <pre>
 *   JOINING --accepted--> JOINED --end--> ENDED
 *      |                                    ^
 *      +-------------- end -----------------+
 * </pre>
 *
 * While the join is undecided, pushes and broadcasts are held in the order they come; they follow the reply, or are
 * dropped with a refusal. So a client that is refused hears nothing, and one that is let in misses nothing.
 */
final class Subscription {
    private enum State {
        JOINING,
        JOINED,
        ENDED
    }

    final Serializer serializer;
    final Connection connection;
    private final SocketPeer peer;

    /** The process of the channel, once there is one: whom {@code broadcastFrom} leaves out. */
    volatile @Nullable Pid channel;

    /** Its place in the sink. The lane's, like all below. */
    int index = -1;

    private final TopicSink sink;
    private final int maxHeldBytes;
    private State state = State.JOINING;
    private @Nullable ArrayDeque<Frame> held;
    private int heldBytes;

    Subscription(TopicSink sink, SocketPeer peer, Serializer serializer, int maxHeldBytes) {
        this.sink = sink;
        this.peer = peer;
        this.connection = peer.connection;
        this.serializer = serializer;
        this.maxHeldBytes = maxHeldBytes;
    }

    // ---- from any thread -------------------------------------------------------------------------------------

    /** Sends to this client. */
    void send(Frame frame) {
        connection.lane().execute(() -> {
            if (state == State.JOINING) {
                hold(frame);
            } else {
                connection.write(frame); // also after the end: what a channel's terminate says goes out
            }
        });
    }

    /** The join succeeded: sends these, then what was held. */
    void accepted(List<Frame> first) {
        connection.lane().execute(() -> {
            first.forEach(connection::write);
            if (state == State.JOINING) {
                state = State.JOINED;
                if (held != null) {
                    held.forEach(connection::write);
                    held = null;
                }
            }
        });
    }

    /** Sends these; no broadcast follows them. */
    void end(List<Frame> last) {
        connection.lane().execute(() -> {
            last.forEach(connection::write);
            leave();
        });
    }

    // ---- on the lane -----------------------------------------------------------------------------------------

    void broadcast(Frame frame, Lane.Shared shared) {
        if (state == State.JOINED) {
            shared.to(connection);
        } else {
            hold(frame);
        }
    }

    private void hold(Frame frame) {
        heldBytes += frame.bytes().length;
        if (heldBytes > maxHeldBytes) {
            connection.close(1013, "too much to send while joining " + sink.topic());
            held = null;
            return;
        }
        if (held == null) {
            held = new ArrayDeque<>();
        }
        held.add(frame);
    }

    void leave() {
        if (state != State.ENDED) {
            state = State.ENDED;
            held = null;
            sink.remove(this);
            peer.subscriptions.remove(this);
        }
    }

    /** Begins, unless the connection is gone meanwhile. */
    void begin() {
        sink.add(this);
        if (peer.gone) {
            leave();
        } else {
            peer.subscriptions.add(this);
        }
    }
}
