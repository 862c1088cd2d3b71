package dev.martlet.web.channel;

import dev.martlet.web.Origins;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Routes the topics of a socket to channels.
 *
 * {@snippet :
 * socket("/socket", User::connect,
 *     channel("room:*", new RoomChannel(rooms)),
 *     channel("lobby", new LobbyChannel()))
 * }
 *
 * <p>The JavaScript side is the unmodified {@code phoenix} package: {@code new Socket("/socket", {params: {token}})}.
 */
public final class Channels {
    private Channels() {}

    /**
     * A pattern and the channel for the topics that match.
     *
     * @param pattern a topic, or the beginning of topics followed by {@code *}
     * @param channel what runs there
     * @param <A> who a client is
     */
    public record Entry<A>(String pattern, Channel<?, ?, A> channel) {
        /** Checks the pattern. */
        public Entry {
            var star = pattern.indexOf('*');
            if (pattern.isEmpty() || star >= 0 && star < pattern.length() - 1) {
                throw new IllegalArgumentException(
                        "a pattern is a topic or a prefix followed by *, as in room:*; got: " + pattern);
            }
        }

        boolean matches(String topic) {
            return pattern.endsWith("*")
                    ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                    : topic.equals(pattern);
        }
    }

    /** Lets {@code channel} run the topics that match {@code pattern}: a topic, or a prefix and {@code *}. */
    public static <A> Entry<A> channel(String pattern, Channel<?, ?, A> channel) {
        return new Entry<>(pattern, channel);
    }

    /**
     * A socket at {@code path}. Clients reach it by WebSocket at {@code path/websocket}.
     *
     * @param connect says who a client is, from the params it connects with (nested ones, {@code a[b]=c}, are nested
     *     objects; {@code vsn} is among them); empty refuses it with 403. It runs in the socket's process and may block.
     *     If it asks for a param that is missing, the client is refused as well
     * @param entries for a topic the first that matches counts
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <A> SocketRoute socket(String path, Function<Payload, Optional<A>> connect, Entry<A>... entries) {
        return new ChannelMount<>(path, connect, List.of(entries), Origins.sameHost());
    }
}
