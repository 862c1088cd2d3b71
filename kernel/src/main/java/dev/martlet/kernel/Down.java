package dev.martlet.kernel;

/**
 * Delivered once to the process that called {@link Proc#monitor}, when the monitored process has ended. It comes after
 * every message that process sent to the same receiver.
 *
 * @param monitor what {@link Proc#monitor} returned
 * @param pid the process that ended
 * @param reason why; {@link ExitReason.NoProcess} if it had ended before it was monitored
 */
public record Down(Monitor monitor, Pid pid, ExitReason reason) {}
