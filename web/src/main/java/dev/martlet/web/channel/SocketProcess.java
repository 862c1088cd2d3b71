package dev.martlet.web.channel;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Overflow;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Frame;
import dev.martlet.web.transport.Handshake;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process of one connection: it decodes what comes and routes it to the channels, by the rules of Phoenix' transport.
 * Channels are linked to it: they end with it, it hears of their end. It does not handle anything while a join runs.
 */
final class SocketProcess<A> implements Receiver {
    /** A message of the client. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Inbound(byte[] bytes, boolean binary) {}

    /** The connection is gone. */
    record Disconnected() {}

    private static final Duration STOP_OLD = Duration.ofSeconds(5);
    private static final Map<String, String> CRASHED = Map.of("reason", "channel_crash");

    private final ChannelMount.Open<A> open;
    private final SocketPeer peer;
    private final Map<String, Joined> channels = new HashMap<>(4);
    private @Nullable Handshake handshake;
    private @Nullable Session<A> session;

    private record Session<A>(A assigns, Serializer serializer, Fanout fanout) {}

    SocketProcess(ChannelMount.Open<A> open, SocketPeer peer, Handshake handshake) {
        this.open = open;
        this.peer = peer;
        this.handshake = handshake;
    }

    @Override
    public void started() {
        var asked = handshake;
        handshake = null; // not kept for the life of the connection
        if (asked == null) {
            throw new IllegalStateException("started twice");
        }
        Optional<Serializer> serializer;
        Optional<A> assigns;
        try {
            Payload params = Params.parse(asked.query());
            serializer = Serializer.forVersion(params.optional("vsn"));
            assigns = serializer.isEmpty()
                    ? Optional.empty()
                    : open.mount().connect().apply(params);
        } catch (BadPayload e) {
            refuse(403);
            return;
        } catch (Throwable e) {
            peer.connection.refuse(500);
            throw e;
        }
        if (serializer.isEmpty() || assigns.isEmpty()) {
            refuse(403);
            return;
        }
        session = new Session<>(assigns.get(), serializer.get(), open.fanout(peer.connection.lane()));
        peer.connection.accept();
        emit(WebEvent.SocketConnected.class, new WebEvent.SocketConnected(path(), Proc.self()));
    }

    private void refuse(int status) {
        emit(WebEvent.SocketRefused.class, new WebEvent.SocketRefused(path(), status));
        peer.connection.refuse(status);
        Proc.exit(ExitReason.NORMAL);
    }

    private String path() {
        return open.mount().path();
    }

    private <E extends WebEvent> void emit(Class<E> type, E event) {
        open.host().node().telemetry().emit(type, () -> event);
    }

    @Override
    public void receive(Object message) {
        var now = session;
        if (now == null) {
            return;
        }
        switch (message) {
            case Inbound(var bytes, var binary) -> {
                if (!inbound(bytes, binary, now)) {
                    peer.connection.handled(1);
                }
            }
            case Exit(var pid, var reason) -> exited(pid, reason, now);
            case Disconnected() -> Proc.exit(new ExitReason.Shutdown("closed"));
            default -> {} // not for us
        }
    }

    /** Whether a channel has it now, which will account for it. */
    private boolean inbound(byte[] bytes, boolean binary, Session<A> now) {
        Message message;
        try {
            message = now.serializer.decode(bytes, binary);
        } catch (InvalidFrame e) {
            emit(
                    WebEvent.InvalidFrame.class,
                    new WebEvent.InvalidFrame(path(), Proc.self(), String.valueOf(e.getMessage())));
            return false;
        }
        if (message.isHeartbeat()) {
            send(now.serializer.reply(null, message.ref(), message.topic(), "ok", Wire.EMPTY));
            return false;
        }
        if (message.event().equals(Message.JOIN)) {
            join(message, now);
            return false;
        }
        var joined = channels.get(message.topic());
        if (joined == null || joined.closed) {
            send(
                    message.event().equals(Message.LEAVE)
                            ? now.serializer.reply(message.joinRef(), message.ref(), message.topic(), "ok", Wire.EMPTY)
                            : unmatched(message, now));
            return false;
        }
        if (message.joinRef() != null && !message.joinRef().equals(joined.joinRef)) {
            return false; // meant for an earlier instance of the channel
        }
        return deliver(message, joined, now);
    }

    private boolean deliver(Message message, Joined joined, Session<A> now) {
        joined.received();
        Object letter = message.event().equals(Message.LEAVE)
                ? new ChannelProcess.Leave(message)
                : new ChannelProcess.Push(message);
        if (Proc.offer(joined.pid(), letter)) {
            return true;
        }
        if (letter instanceof ChannelProcess.Leave) {
            Proc.sendPriority(joined.pid(), letter); // whatever waits there, a client may always leave
            return true;
        }
        joined.handled(); // which takes it off both accounts
        emit(WebEvent.ChannelOverloaded.class, new WebEvent.ChannelOverloaded(joined.topic));
        if (message.ref() != null) {
            send(now.serializer.reply(
                    joined.channelRef, message.ref(), joined.topic, "error", Map.of("reason", "overloaded")));
        }
        return true;
    }

    private Frame unmatched(Message message, Session<A> now) {
        return now.serializer.reply(null, message.ref(), message.topic(), "error", Map.of("reason", "unmatched topic"));
    }

    private void send(Frame frame) {
        var connection = peer.connection;
        connection.lane().execute(() -> connection.write(frame));
    }

    // ---- joining ---------------------------------------------------------------------------------------------

    private void join(Message message, Session<A> now) {
        var old = channels.remove(message.topic());
        // The client must see the reply to the new join before the end of the old one.
        var oldEnd = old == null ? List.<Frame>of() : replace(old, now);
        var channel = open.mount().channel(message.topic());
        var limit = open.host().limits().channelsPerSocket();
        if (channel.isEmpty()) {
            sendAll(unmatched(message, now), oldEnd);
            told(message, WebEvent.Join.Outcome.UNMATCHED);
        } else if (channels.values().stream().filter(joined -> !joined.closed).count() >= limit) {
            sendAll(error(message, now, "too many channels joined"), oldEnd);
            told(message, WebEvent.Join.Outcome.TOO_MANY);
        } else {
            told(message, join(message, channel.get(), oldEnd, now));
        }
    }

    private WebEvent.Join.Outcome join(Message message, Channel<?, ?, A> channel, List<Frame> oldEnd, Session<A> now) {
        var limits = open.host().limits();
        var subscription = now.fanout.subscribe(message.topic(), peer, now.serializer, limits.outboundBytes());
        var joined = new Joined(message, subscription);
        var socket = new ChannelSocket<>(now.assigns, joined, open.host().pubsub());
        var spawn = Spawn.DEFAULT
                .linked()
                .trappingExits()
                .label("channel " + message.topic())
                .mailbox(limits.channelMessages(), Overflow.BLOCK);
        var pid = Node.current().spawn(spawn, new ChannelProcess<>(channel, Proc.self(), joined, socket));
        try {
            var decided =
                    (ChannelProcess.Decided) Proc.call(pid, new ChannelProcess.DoJoin(message), limits.joinTimeout());
            if (decided.ok()) {
                channels.put(message.topic(), joined);
                subscription.accepted(all(decided.reply(), oldEnd));
                return WebEvent.Join.Outcome.OK;
            }
            subscription.end(all(decided.reply(), oldEnd));
            Proc.kill(pid); // it has not begun; what it tracked and subscribed to goes with it
            return WebEvent.Join.Outcome.REFUSED;
        } catch (CallFailed.Exited e) {
            subscription.end(all(error(message, now, "join crashed"), oldEnd));
            return WebEvent.Join.Outcome.CRASHED;
        } catch (CallFailed.Timeout e) {
            Proc.kill(pid);
            subscription.end(all(error(message, now, "join timed out"), oldEnd));
            return WebEvent.Join.Outcome.TIMED_OUT;
        }
    }

    /** Stops the channel that a second join replaces; its end, unless the client has been told. */
    private List<Frame> replace(Joined old, Session<A> now) {
        try {
            Proc.call(old.pid(), new ChannelProcess.Halt("duplicate join"), STOP_OLD);
        } catch (CallFailed.Exited e) {
            // just what we wanted
        } catch (CallFailed e) {
            Proc.kill(old.pid());
        }
        old.ended();
        old.subscription.end(List.of());
        return old.closed ? List.of() : List.of(now.serializer.end(old.joinRef, old.topic, Message.CLOSE, Wire.EMPTY));
    }

    private Frame error(Message join, Session<A> now, String reason) {
        return now.serializer.reply(join.joinRef(), join.ref(), join.topic(), "error", Map.of("reason", reason));
    }

    private void sendAll(Frame first, List<Frame> then) {
        send(first);
        then.forEach(this::send);
    }

    private static List<Frame> all(Frame first, List<Frame> then) {
        return then.isEmpty() ? List.of(first) : List.of(first, then.getFirst());
    }

    private void told(Message join, WebEvent.Join.Outcome outcome) {
        emit(WebEvent.Join.class, new WebEvent.Join(join.topic(), outcome));
    }

    // ---- ends ------------------------------------------------------------------------------------------------

    private void exited(Pid pid, ExitReason reason, Session<A> now) {
        for (var joined : channels.values()) {
            if (joined.pid() == pid) {
                channels.remove(joined.topic);
                joined.ended();
                if (!joined.closed) {
                    var crash = reason.isCrash();
                    joined.subscription.end(List.of(now.serializer.end(
                            joined.joinRef,
                            joined.topic,
                            crash ? Message.ERROR : Message.CLOSE,
                            crash ? CRASHED : Wire.EMPTY)));
                    if (crash) {
                        emit(WebEvent.ChannelCrashed.class, new WebEvent.ChannelCrashed(joined.topic, pid));
                    }
                }
                return;
            }
        }
        // Otherwise it was a channel that was refused, or that a second join has replaced.
    }

    @Override
    public void stopped(ExitReason reason) {
        if (session != null) {
            var connection = peer.connection;
            var code = reason.isCrash() ? 1011 : 1012;
            connection.lane().execute(() -> connection.close(code, ""));
        }
    }
}
