package dev.martlet.web.channel;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.web.transport.Connection;
import dev.martlet.web.transport.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the lane of a connection knows of its socket: the process, and the subscriptions to end when it is gone. */
final class SocketPeer implements Peer {
    final Connection connection;

    /** The lane's. */
    final ArrayList<Subscription> subscriptions = new ArrayList<>(1);

    /** The lane's. */
    boolean gone;

    private final Pid pid;

    SocketPeer(Connection connection, Node node, Spawn spawn, Function<SocketPeer, Receiver> process) {
        this.connection = connection;
        this.pid = node.spawn(spawn, process.apply(this));
    }

    @Override
    public Pid pid() {
        return pid;
    }

    @Override
    public void message(byte[] bytes, boolean binary) {
        Proc.offer(pid, new SocketProcess.Inbound(bytes, binary));
    }

    @Override
    public void disconnected() {
        gone = true;
        for (var subscription : List.copyOf(subscriptions)) {
            subscription.leave();
        }
        Proc.sendPriority(pid, new SocketProcess.Disconnected());
    }
}
