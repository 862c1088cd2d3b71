package dev.martlet.kernel;

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
}
