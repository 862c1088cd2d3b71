package dev.martlet.kernel;

/** What a process is doing, as {@link Inspector} sees it. */
public enum ProcessState {
    /** Waits for a message. */
    IDLE,
    /** Has messages and waits for a thread to handle them on. */
    RUNNABLE,
    /** Runs its code. */
    RUNNING,
    /** Its code waits for something: the answer to a call, a lock, a socket, a sleep. */
    WAITING,
    /** Has ended. */
    DEAD
}
