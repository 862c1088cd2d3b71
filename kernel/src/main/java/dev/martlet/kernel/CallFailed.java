package dev.martlet.kernel;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Proc#call} that brought no answer. */
public sealed class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Pid server;

    private CallFailed(@Nullable Pid server, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.server = server;
    }

    private CallFailed(@Nullable Pid server, String message) {
        super(message);
        this.server = server;
    }

    /** Who was called; empty if it was a name that nobody has. */
    public Optional<Pid> server() {
        return Optional.ofNullable(server);
    }

    /** That nobody has the name {@code name}, for behaviours that look names up. */
    public static CallFailed noProcess(String name, Object request) {
        return new Exited(
                null,
                "noproc: no process is registered as " + name + "; the request was " + request,
                ExitReason.NO_PROCESS);
    }

    /** The request was not even accepted. */
    static CallFailed refused(LocalProcess target, Object message, LocalProcess.Posted posted) {
        return posted == LocalProcess.Posted.DEAD
                ? new Exited(
                        target,
                        "noproc: " + target.described() + " is not alive; the request was " + Words.of(message),
                        ExitReason.NO_PROCESS)
                : new Overloaded(
                        target,
                        "the mailbox of " + target.described() + " is full (" + target.queueLength()
                                + " messages); the request was " + Words.of(message));
    }

    /** The answer has not come in time; it is counted and told here. */
    static CallFailed timedOut(LocalProcess target, Object message, Duration timeout) {
        target.node.reports.callTimedOut(Context.process(), target, message, timeout);
        return new Timeout(
                target,
                "call to " + target.described() + " timed out after " + Words.time(Proc.nanos(timeout))
                        + "\n    message: " + Words.of(message) + "\n    server:  " + target.condition());
    }

    /** The server ended, or had ended, before it answered. */
    public static final class Exited extends CallFailed {
        private static final long serialVersionUID = 1;

        private final transient ExitReason reason;

        Exited(@Nullable Pid server, String what, ExitReason reason) {
            super(server, what, reason instanceof ExitReason.Crashed(var cause) ? cause : null);
            this.reason = reason;
        }

        /** Why the server ended; {@link ExitReason.NoProcess} if it was not there to begin with. */
        public ExitReason reason() {
            return reason;
        }
    }

    /** The answer did not come in time. If it comes later it is dropped and counted. */
    public static final class Timeout extends CallFailed {
        private static final long serialVersionUID = 1;

        Timeout(Pid server, String what) {
            super(server, what);
        }
    }

    /** The server's mailbox is full. */
    public static final class Overloaded extends CallFailed {
        private static final long serialVersionUID = 1;

        Overloaded(Pid server, String what) {
            super(server, what);
        }
    }

    /** The server waits, directly or through others, for the caller: nobody would ever answer. */
    public static final class Cycle extends CallFailed {
        private static final long serialVersionUID = 1;

        Cycle(Pid server, String chain) {
            super(
                    server,
                    "call cycle: " + chain + ". Make one of these calls a cast, or reply later from another process.");
        }
    }
}
