package dev.martlet.pubsub;

import dev.martlet.kernel.Down;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;

/** The process of a PubSub: it watches the subscribers and forgets those that have ended. */
record Watcher(LocalPubSub pubsub) implements Receiver {
    /** Asks to watch a process. */
    record Watch(Pid pid) {}

    @Override
    public void receive(Object message) {
        switch (message) {
            case Watch(var pid) -> Proc.monitor(pid);
            case Down(var _, var pid, var _) -> pubsub.forget(pid);
            default -> {} // not for us
        }
    }
}
