package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The process behind one partition of a registry: watches the owners of keys, and is the parent of what {@link
 * Registry#getOrStart} starts. The table itself belongs to the registry; if this process should ever crash, the next
 * begins by watching all who are in it, and nothing is lost.
 */
final class RegistryLoop implements Receiver {
    /** How long what it started may take to stop, all of it together. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** What it does not know of a registry. */
    interface Table {
        /** The owners that belong to this partition. */
        Iterable<Pid> owners();

        /** That process has ended. */
        void forget(Pid pid);
    }

    record Watch(Pid pid) {}

    /** Asks for the owner of a key, made by {@code server} if there is none. */
    interface Start {
        /** The owner now, or what is to be started. */
        Object ownerOrServer();

        /** It was started; returns the owner, which is another one if that was quicker. */
        Pid own(Pid started);
    }

    /**
     * Who owns it.
     *
     * @param pid the owner
     * @param ours whether this process started it, so it can be asked whether it is ready
     */
    record Owner(Pid pid, boolean ours) {}

    private final Table table;
    private final Callable<RuntimeException> refusal;
    private final int maxStarted;
    private final Set<Pid> started = new HashSet<>();

    RegistryLoop(Table table, int maxStarted, Callable<RuntimeException> refusal) {
        this.table = table;
        this.maxStarted = maxStarted;
        this.refusal = refusal;
    }

    @Override
    public void started() {
        Proc.trapExit(true);
        table.owners().forEach(Proc::monitor);
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Watch(var pid) -> Proc.monitor(pid);
            case Down(var _, var pid, var _) -> table.forget(pid);
            case Exit(var pid, var _) -> started.remove(pid);
            default -> {} // not for us
        }
    }

    @Override
    public void request(Object message, Caller caller) throws Exception {
        caller.reply(start((Start) message));
    }

    private Object start(Start start) throws Exception {
        Object found;
        try {
            found = start.ownerOrServer();
        } catch (RuntimeException e) {
            return e; // the function of whoever asked; theirs to handle
        }
        if (!(found instanceof GenServer<?, ?> server)) {
            var pid = (Pid) found;
            return new Owner(pid, started.contains(pid));
        }
        if (started.size() >= maxStarted) {
            return refusal.call();
        }
        var pid = ServerLoop.spawn(server, Spawn.DEFAULT.linkedOrderly());
        var owner = start.own(pid);
        if (owner != pid) {
            Proc.kill(pid);
            return new Owner(owner, started.contains(owner));
        }
        started.add(pid);
        Proc.monitor(pid);
        return new Owner(pid, true);
    }

    @Override
    public void stopped(ExitReason reason) {
        started.forEach(pid -> Proc.exit(pid, ExitReason.SHUTDOWN));
        var node = Node.current();
        var asked = node.nanos();
        for (var pid : started) {
            var left = GRACE.minusNanos(node.nanos() - asked);
            if (Proc.awaitExit(pid, left.isNegative() ? Duration.ZERO : left).isEmpty()) {
                Proc.kill(pid);
            }
        }
    }
}
