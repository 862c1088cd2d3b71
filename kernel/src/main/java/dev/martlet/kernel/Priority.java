package dev.martlet.kernel;

/** How eagerly a process is run, as Erlang's {@code process_flag(priority, …)}. */
public enum Priority {
    /** Before all others that are runnable; for short, important work. */
    HIGH,
    /** The default. */
    NORMAL,
    /** When nothing else is runnable, though never starved. */
    LOW
}
