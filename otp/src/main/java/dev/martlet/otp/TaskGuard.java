package dev.martlet.otp;

import dev.martlet.kernel.Down;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.ProcessExit;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;

/**
 * Ends a task when its owner ends, while that waits for it to shut down: their link is cut then, so that the end of the
 * task is not the owner's. It holds no stack and goes when the task does.
 */
record TaskGuard(Pid owner, Pid task) implements Receiver {
    static void start(Pid owner, Pid task) {
        Node.current().spawn(Spawn.DEFAULT.label("Task guard"), new TaskGuard(owner, task));
    }

    @Override
    public void started() {
        Proc.monitor(owner);
        Proc.monitor(task);
    }

    @Override
    public void receive(Object message) throws ProcessExit {
        if (message instanceof Down(var _, var ended, var _)) {
            if (ended == owner) {
                Proc.kill(task);
            }
            throw Proc.exit(ExitReason.NORMAL);
        }
    }
}
