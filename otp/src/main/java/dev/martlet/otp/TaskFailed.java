package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;

/** A {@link Task} that brought no result: thrown by {@link Task#await()} to whoever wanted it. */
public sealed class TaskFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ExitReason reason;

    TaskFailed(Pid task, ExitReason reason) {
        this("task " + task + " failed: " + reason, reason);
    }

    private TaskFailed(String message, ExitReason reason) {
        super(message, reason instanceof ExitReason.Crashed(var cause) ? cause : null);
        this.reason = reason;
    }

    /** Why its process ended. What it threw, if it did, is the {@linkplain #getCause cause}. */
    public ExitReason reason() {
        return reason;
    }

    /** The result did not come in time; the task was killed. */
    public static final class TimedOut extends TaskFailed {
        private static final long serialVersionUID = 1;

        TimedOut(Pid task, long millis) {
            super("task " + task + " had no result within " + millis + " ms and was killed", ExitReason.KILLED);
        }
    }
}
