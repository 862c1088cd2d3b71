package dev.martlet.kernel;

/**
 * Unwinds the stack of a process that ends by {@link Proc#exit(ExitReason)} or was ended by another. It has no stack
 * trace. Code that catches it only delays the inevitable; {@code finally} blocks run as usual.
 */
public final class ProcessExit extends Error {
    private static final long serialVersionUID = 1;

    private final transient ExitReason reason;

    ProcessExit(ExitReason reason) {
        super("the process ends: " + reason, null, false, false);
        this.reason = reason;
    }

    /** Why the process ends. */
    public ExitReason reason() {
        return reason;
    }
}
