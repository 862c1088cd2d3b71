package dev.martlet.kernel;

/**
 * Unwinds the stack of a process that ends by {@link Proc#exit(ExitReason)} or was ended by another. It has no stack
 * trace. Code that catches it only delays the inevitable; {@code finally} blocks run as usual.
 */
public final class ProcessExit extends Error {
    private static final long serialVersionUID = 1;

    private final transient ExitReason reason;

    ProcessExit(ExitReason reason) {
        super(null, null, false, false);
        this.reason = reason;
    }

    // Made when somebody asks: each orderly end of a process passes through here.
    @Override
    public String getMessage() {
        return "the process ends: " + reason;
    }

    /** Why the process ends. */
    public ExitReason reason() {
        return reason;
    }
}
