package dev.martlet.web.netty;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Monitor;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.web.WebEvent;
import dev.martlet.web.transport.Host;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process of an endpoint. It listens, watches the processes of the sockets, so that none outlives its connection the
 * other way round, and closes everything when it is told to end. Should it be killed, {@link Guard} closes for it.
 */
final class ServerProcess implements Receiver {
    /** Asks to bind the port; answered with {@link Listening} or {@link Failed}. */
    record Listen() {}

    /** It listens. */
    record Listening() {}

    /** It does not. */
    record Failed(String why) {}

    /** Asks to watch the process of a socket. */
    record Watch(Pid socket, SocketConnection connection) {}

    private final Server server;
    private final Map<Monitor, SocketConnection> sockets = new HashMap<>();
    private @Nullable Listener listener;

    ServerProcess(Server server) {
        this.server = server;
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        if (!(message instanceof Listen)) {
            Receiver.super.request(message, caller);
            return;
        }
        var config = server.config();
        var left = server.listener();
        if (left != null) {
            left.close(); // of a process that was killed: its guard may not have got to it yet
        }
        if (server.ownsPubsub()) {
            server.pubsub().child().start().start(Spawn.DEFAULT.linked());
        }
        var node = Node.current();
        try {
            var now = Listener.open(config, new Host(node, server.pubsub(), config.limits()), Proc.self());
            listener = now;
            server.listener(now);
            var self = Proc.self();
            node.spawn(Spawn.DEFAULT.label("guard of " + server), new Guard(self, now));
            node.telemetry().emit(WebEvent.Listening.class, () -> new WebEvent.Listening(now.port()));
            caller.reply(new Listening());
        } catch (IOException e) {
            caller.reply(new Failed(String.valueOf(e.getMessage())));
            Proc.exit(ExitReason.NORMAL);
        }
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Watch(var socket, var connection) -> sockets.put(Proc.monitor(socket), connection);
            case Down(var monitor, var _, var reason) -> {
                var connection = sockets.remove(monitor);
                if (connection != null) {
                    connection.processEnded(reason);
                }
            }
            case Exit(var _, var reason) -> {
                if (!(reason instanceof ExitReason.Normal)) {
                    Proc.exit(reason);
                }
            }
            default -> {} // not for us
        }
    }

    @Override
    public void stopped(ExitReason reason) {
        var now = listener;
        if (now != null) {
            server.listener(null);
            now.close();
        }
    }

    /** Closes what a killed endpoint left open. Closing twice is closing once. */
    private record Guard(Pid endpoint, Listener listener) implements Receiver {
        @Override
        public void started() {
            Proc.monitor(endpoint);
        }

        @Override
        public void receive(Object message) {
            if (message instanceof Down) {
                listener.close();
                Proc.exit(ExitReason.NORMAL);
            }
        }
    }
}
