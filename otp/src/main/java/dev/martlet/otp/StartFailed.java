package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;

/** A server, or a child of a supervisor, could not start. */
public final class StartFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What {@link GenServer#ignore} ends a process with; told by identity. */
    static final ExitReason IGNORED = new ExitReason.Shutdown("ignored");

    private final transient ExitReason reason;

    StartFailed(String what, ExitReason reason) {
        super(
                what + " failed to start: " + text(reason),
                reason instanceof ExitReason.Crashed(var cause) ? cause : null);
        this.reason = reason;
    }

    private static String text(ExitReason reason) {
        // The chain "a failed to start: b failed to start: port in use" is what an operator wants to read.
        return reason instanceof ExitReason.Crashed(var cause) && cause.getMessage() != null
                ? cause.getMessage()
                : reason.toString();
    }

    /** Whether it did not want to start, see {@link GenServer#ignore}, which is no failure. */
    public boolean ignored() {
        return reason == IGNORED;
    }

    /** Why. */
    public ExitReason reason() {
        return reason;
    }
}
