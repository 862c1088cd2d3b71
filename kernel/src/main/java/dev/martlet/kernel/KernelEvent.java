package dev.martlet.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything the kernel reports through {@link Telemetry}. */
public sealed interface KernelEvent {
    /**
     * A process has started.
     *
     * @param pid which
     */
    record Spawned(Pid pid) implements KernelEvent {}

    /**
     * A process has ended, orderly or not.
     *
     * @param pid which
     * @param label what it was called, or an empty string
     * @param reason why
     */
    record Exited(Pid pid, String label, ExitReason reason) implements KernelEvent {}

    /**
     * The code of a process threw.
     *
     * @param pid which
     * @param label what it was called, or an empty string
     * @param reason what it threw
     */
    record Crashed(Pid pid, String label, ExitReason reason) implements KernelEvent {}

    /**
     * A process has used a thread for long, 100 ms, without sending, receiving or ending. It was put behind all others,
     * so nobody has to wait for it, but what it does may belong into a {@code CpuPool}.
     *
     * @param pid which
     * @param label what it is called, or an empty string
     * @param handling the message it handles; empty for a process with a body
     * @param time for how long
     * @param stack where it was when this was found out
     */
    record Busy(Pid pid, String label, Optional<Object> handling, Duration time, List<StackTraceElement> stack)
            implements KernelEvent {}

    /**
     * A process was ended, and its code goes on: it swallows interrupts, or never looks up. Told after one second, and
     * each time that it has lasted twice as long.
     *
     * @param pid which
     * @param label what it was called, or an empty string
     * @param time how long ago it was ended
     */
    record Stuck(Pid pid, String label, Duration time) implements KernelEvent {}
}
