package dev.martlet.web.channel;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of one channel. It traps exits, so that {@code terminate} runs when the socket ends; towards all others it
 * behaves as if it did not.
 */
final class ChannelProcess<I, S, A> implements Receiver {
    /** Asks to join; the answer is a {@link Decided}. */
    record DoJoin(Message message) {}

    /** The answer: the reply to the client, encoded. */
    record Decided(boolean ok, Frame reply) {}

    /** A message of the client. */
    record Push(Message message) {}

    /** The client leaves. */
    record Leave(Message message) {}

    /** Asks to end; the answer is the end. */
    record Halt(String why) {}

    private final Channel<I, S, A> channel;
    private final Events events;
    private final Pid socketProcess;
    private final Joined joined;
    private final ChannelSocket<A> socket;
    private @Nullable State<S> state;

    /** So that a state may be null, should an application want that. */
    private record State<S>(S value) {}

    ChannelProcess(Channel<I, S, A> channel, Pid socketProcess, Joined joined, ChannelSocket<A> socket) {
        this.channel = channel;
        this.events = Events.of(channel.getClass());
        this.socketProcess = socketProcess;
        this.joined = joined;
        this.socket = socket;
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        switch (message) {
            case DoJoin(var join) -> caller.reply(join(join));
            case Halt(var why) -> Proc.exit(new ExitReason.Shutdown(why));
            default -> Receiver.super.request(message, caller);
        }
    }

    private Decided join(Message message) throws Exception {
        joined.subscription.channel = Proc.self(); // before any callback may broadcast "from" us
        var serializer = joined.subscription.serializer;
        Join<S> outcome;
        try {
            outcome = channel.join(message.topic(), message.payload(), socket);
        } catch (BadPayload e) {
            outcome = Join.refusedWith(e.response());
        }
        return switch (outcome) {
            case Join.Ok<S>(var first, var response) -> {
                state = new State<>(first);
                yield new Decided(
                        true, serializer.reply(message.joinRef(), message.ref(), joined.topic, "ok", response));
            }
            case Join.Refused<S>(var response) ->
                new Decided(false, serializer.reply(message.joinRef(), message.ref(), joined.topic, "error", response));
        };
    }

    @Override
    public void receive(Object message) throws Exception {
        var now = state;
        if (now == null) {
            return; // refused, about to be ended; or an answer to something join began and gave up
        }
        switch (message) {
            case Push(var push) -> {
                try {
                    handleIn(push, now.value);
                } finally {
                    joined.handled();
                }
            }
            case Leave(var leave) -> {
                closing(joined.subscription.serializer.reply(
                        joined.channelRef, leave.ref(), joined.topic, "ok", Wire.EMPTY));
                joined.handled();
                Proc.exit(new ExitReason.Shutdown("left"));
            }
            case Exit(var from, var reason) -> {
                if (from == socketProcess || !(reason instanceof ExitReason.Normal)) {
                    exit(reason);
                }
            }
            default -> proceed(channel.handleInfo(message, now.value, socket), null);
        }
    }

    private void handleIn(Message message, S now) throws Exception {
        socket.current(message);
        Channel.Next<S> next;
        try {
            var type = message.payload().isBinary() ? null : events.byName().get(message.event());
            if (type == null) {
                next = channel.handleIn(message.event(), message.payload(), now, socket);
            } else {
                @SuppressWarnings("unchecked") // type is one of In's records
                var event = (I) message.payload().as(type);
                next = channel.handleIn(event, now, socket);
            }
        } catch (BadPayload e) {
            Node.current()
                    .telemetry()
                    .emit(
                            WebEvent.BadPayload.class,
                            () -> new WebEvent.BadPayload(
                                    joined.topic, message.event(), String.valueOf(e.getMessage())));
            socket.reply(message, "error", e.response());
            return;
        } finally {
            socket.current(null);
        }
        proceed(next, message);
    }

    private void proceed(Channel.Next<S> next, @Nullable Message message) {
        state = new State<>(next.state());
        switch (next) {
            case Channel.Next.Continue<S> _ -> {}
            case Channel.Next.Reply<S> reply -> reply(reply, message);
            case Channel.Next.Stop<S>(var reason, var reply, var _) -> {
                reply.ifPresent(r -> reply(r, message));
                exit(reason);
            }
        }
    }

    private void reply(Channel.Next.Reply<S> reply, @Nullable Message to) {
        if (to == null) {
            throw new IllegalStateException(channel.getClass().getName()
                    + " replied to an info message, for which no client waits; use next(state) and socket.push");
        }
        socket.reply(to, reply.status(), reply.payload());
    }

    private void exit(ExitReason reason) {
        if (!reason.isCrash()) {
            closing();
        }
        Proc.exit(reason);
    }

    /** Tells the client of the orderly end, before terminate runs: then it may join anew while that goes on. */
    private void closing(Frame... first) {
        var end = joined.subscription.serializer.end(joined.joinRef, joined.topic, Message.CLOSE, Wire.EMPTY);
        joined.closed = true;
        joined.subscription.end(first.length == 0 ? List.of(end) : List.of(first[0], end));
    }

    @Override
    public void stopped(ExitReason reason) {
        var last = state;
        if (last != null) {
            try {
                channel.terminate(reason, last.value, socket);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("terminate of " + joined.topic + " failed", e);
            }
        }
    }
}
