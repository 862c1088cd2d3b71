package dev.martlet.web.channel;

import dev.martlet.kernel.Pid;
import dev.martlet.web.transport.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One joined topic, as socket and channel both see it.
 *
 * <p>The join_ref exists twice, as in Phoenix: {@code joinRef} as the client sent it, maybe null, against which later
 * messages are checked and which ends carry; and {@code channelRef}, the join's ref in its place, which pushes and
 * replies carry.
 */
final class Joined {
    final String topic;
    final @Nullable String joinRef;
    final @Nullable String channelRef;
    final Subscription subscription;

    /** Set by the channel once its {@code phx_close} is on its way: the topic may be joined anew. */
    volatile boolean closed;

    /** How many messages of the client wait in the channel's mailbox or are being handled. */
    private final AtomicInteger pending = new AtomicInteger();

    Joined(Message join, Subscription subscription) {
        this.topic = join.topic();
        this.joinRef = join.joinRef();
        this.channelRef = join.joinRef() == null ? join.ref() : join.joinRef();
        this.subscription = subscription;
    }

    private Connection connection() {
        return subscription.connection;
    }

    Pid pid() {
        var pid = subscription.channel;
        if (pid == null) {
            throw new IllegalStateException("channel " + topic + " has no process yet");
        }
        return pid;
    }

    void received() {
        pending.incrementAndGet();
    }

    void handled() {
        // Not below zero: a channel that was killed while it handled has been accounted for by ended().
        if (pending.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            connection().handled(1);
        }
    }

    /** Nobody will handle what was left. */
    void ended() {
        var left = pending.getAndSet(0);
        if (left > 0) {
            connection().handled(left);
        }
    }
}
