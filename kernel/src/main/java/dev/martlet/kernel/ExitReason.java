package dev.martlet.kernel;

/**
 * Why a process ended.
 *
 * <p>{@link Normal}, {@link Shutdown} are orderly; everything else is a crash: it is reported, and it takes linked
 * processes along unless they {@linkplain Proc#trapExit(boolean) trap exits}. The meanings are Erlang's
 * (<a href="https://www.erlang.org/doc/system/ref_man_processes.html">Processes, Error Handling</a>).
 */
public sealed interface ExitReason {
    /** The process did its work. Links are not affected by it. */
    record Normal() implements ExitReason {
        @Override
        public boolean isCrash() {
            return false;
        }

        @Override
        public String toString() {
            return "normal";
        }
    }

    /**
     * An orderly stop, usually by a supervisor.
     *
     * @param detail what for, or an empty string
     */
    record Shutdown(String detail) implements ExitReason {
        @Override
        public boolean isCrash() {
            return false;
        }

        @Override
        public String toString() {
            return detail.isEmpty() ? "shutdown" : "shutdown: " + detail;
        }
    }

    /** Ended by {@link Proc#kill}, which cannot be trapped. */
    record Killed() implements ExitReason {
        @Override
        public boolean isCrash() {
            return true;
        }

        @Override
        public String toString() {
            return "killed";
        }
    }

    /** There was no such process. */
    record NoProcess() implements ExitReason {
        @Override
        public boolean isCrash() {
            return true;
        }

        @Override
        public String toString() {
            return "noproc";
        }
    }

    /** The node of the process cannot be reached. */
    record NoConnection() implements ExitReason {
        @Override
        public boolean isCrash() {
            return true;
        }

        @Override
        public String toString() {
            return "noconnection";
        }
    }

    /**
     * Code threw.
     *
     * @param cause what it threw
     */
    record Crashed(Throwable cause) implements ExitReason {
        @Override
        public boolean isCrash() {
            return true;
        }

        @Override
        public String toString() {
            return "crashed: " + cause;
        }
    }

    /**
     * A reason of the application's own.
     *
     * @param term any immutable value
     */
    record Other(Object term) implements ExitReason {
        @Override
        public boolean isCrash() {
            return true;
        }

        @Override
        public String toString() {
            return term.toString();
        }
    }

    /** The one {@link Normal}. */
    ExitReason NORMAL = new Normal();

    /** {@link Shutdown} without a detail. */
    ExitReason SHUTDOWN = new Shutdown("");

    /** The one {@link Killed}. */
    ExitReason KILLED = new Killed();

    /** The one {@link NoProcess}. */
    ExitReason NO_PROCESS = new NoProcess();

    // Not a default method: an interface that has one is initialized by its records, which its constants are made of.
    /** Whether a supervisor would call this end a crash: anything but {@link Normal} and {@link Shutdown}. */
    boolean isCrash();
}
