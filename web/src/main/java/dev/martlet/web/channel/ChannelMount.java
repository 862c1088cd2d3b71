package dev.martlet.web.channel;

import dev.martlet.kernel.Overflow;
import dev.martlet.kernel.Spawn;
import dev.martlet.web.Origins;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Handshake;
import dev.martlet.web.transport.Host;
import dev.martlet.web.transport.Lane;
import dev.martlet.web.transport.Mount;
import dev.martlet.web.transport.Peer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A socket of channels, declared. */
record ChannelMount<A>(
        String path, Function<Payload, Optional<A>> connect, List<Channels.Entry<A>> entries, Origins origins)
        implements SocketRoute, Mount {
    ChannelMount {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash; got: " + path);
        }
        for (var entry : entries) {
            Events.of(entry.channel().getClass()); // mistakes in declarations are told at start, not to a client
        }
    }

    @Override
    public SocketRoute origins(Origins origins) {
        return new ChannelMount<>(path, connect, entries, origins);
    }

    @Override
    public Acceptor open(Host host) {
        return new Open<>(this, host, new ConcurrentHashMap<>());
    }

    Optional<Channel<?, ?, A>> channel(String topic) {
        for (var entry : entries) {
            if (entry.matches(topic)) {
                return Optional.of(entry.channel());
            }
        }
        return Optional.empty();
    }

    /** The same, being served. */
    record Open<A>(ChannelMount<A> mount, Host host, ConcurrentHashMap<Lane, Fanout> fanouts) implements Acceptor {
        @Override
        public Peer connect(Connection connection, Handshake handshake) {
            // The connection bounds how many messages wait here; what the endpoint and timers add is little.
            var spawn = Spawn.DEFAULT
                    .trappingExits()
                    .label("socket " + mount.path)
                    .mailbox(host.limits().inboundMessages() + 1_000, Overflow.BLOCK);
            return new SocketPeer(connection, host.node(), spawn, peer -> new SocketProcess<>(this, peer, handshake));
        }

        Fanout fanout(Lane lane) {
            return fanouts.computeIfAbsent(lane, l -> new Fanout(l, host.pubsub()));
        }
    }
}
