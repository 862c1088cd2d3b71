package dev.martlet.kernel;

/** Runs what is runnable. Everything above it is the same under each scheduler. */
interface Scheduler {
    /** Has {@link ServerProcess#activate} called soon, once, on a thread that may block. Never blocks itself. */
    void schedule(ServerProcess process);

    /** A new, unstarted thread for a process with a body. */
    Thread newThread(BodyProcess process, Runnable body);

    /** Lets go of the threads; nothing is scheduled afterwards. */
    void close();
}
