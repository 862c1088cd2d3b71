package dev.martlet.showcase.chat;

import dev.martlet.kernel.ExitReason;
import dev.martlet.otp.Call;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.channel.Broadcast;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A chat room: it puts what is said in one order, tells everybody who has joined, and remembers the last {@value
 * #REMEMBERED} lines. It has no disk; a restarted room starts a new epoch, by which clients see that it has forgotten.
 *
 * @param topic on which it tells what is said, as the event {@code new_msg}
 * @param pubsub carries that
 * @param clock tells when something was said
 */
public record Room(String topic, PubSub pubsub, InstantSource clock) implements GenServer<Room.Msg, Room.State> {
    /** How many lines a room remembers. */
    static final int REMEMBERED = 100;

    /** A room in which nobody speaks for that long ends; the next who asks for it gets a fresh one. */
    static final Duration IDLE = Duration.ofDays(1);

    /** What a room understands. */
    public sealed interface Msg {
        /**
         * Says something. The same name and key again, while it is remembered, is answered with the line of the first
         * time and not said again: a client that lost the answer may repeat itself.
         *
         * @param name who says it
         * @param body what
         * @param key what the client calls the message; an empty one is never the same
         */
        record Post(String name, String body, String key) implements Msg, Call<Msg, Line> {}

        /** Asks what was said. */
        record Tell() implements Msg, Call<Msg, History> {}
    }

    /**
     * The answer to {@link Msg.Tell}, and to a client that joins.
     *
     * @param epoch another one means that the room has been restarted
     * @param lines what it remembers, the oldest first
     */
    public record History(String epoch, List<Line> lines) {}

    /**
     * What changes.
     *
     * @param history what was said
     * @param count how much was ever said in this epoch
     */
    public record State(History history, long count) {
        State add(Line line) {
            var lines = history.lines();
            var kept = lines.stream().skip(Math.max(0, lines.size() + 1 - REMEMBERED));
            return new State(
                    new History(
                            history.epoch(),
                            Stream.concat(kept, Stream.of(line)).toList()),
                    count + 1);
        }

        Optional<Line> find(String name, String key) {
            return history.lines().stream()
                    .filter(line -> !key.isEmpty()
                            && line.key().equals(key)
                            && line.name().equals(name))
                    .findFirst();
        }
    }

    @Override
    public State init(Ref<Msg> self) {
        return new State(new History(Long.toString(clock.millis(), Character.MAX_RADIX), List.of()), 0);
    }

    @Override
    public Next<State> handle(Msg msg, State state) {
        return switch (msg) {
            case Msg.Post post ->
                state.find(post.name(), post.key())
                        .map(line -> reply(post, line, state))
                        .orElseGet(() -> say(post, state))
                        .within(IDLE);
            case Msg.Tell tell -> reply(tell, state.history(), state).within(IDLE);
        };
    }

    @Override
    public Next<State> handleInfo(Object info, State state) {
        return info instanceof Timeout ? stop(ExitReason.NORMAL, state) : next(state);
    }

    private Next<State> say(Msg.Post post, State state) {
        var id = state.history().epoch() + "-" + (state.count() + 1);
        var line = new Line(id, post.name(), post.body(), clock.instant(), post.key());
        pubsub.broadcast(Broadcast.topic(topic), new Broadcast("new_msg", line));
        return reply(post, line, state.add(line));
    }
}
