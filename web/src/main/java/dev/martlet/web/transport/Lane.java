package dev.martlet.web.transport;

/** What runs the output of many connections, one task after the other: an event loop. */
public interface Lane {
    /** Runs a task soon. Tasks of one thread run in the order given; they must not block. */
    void execute(Runnable task);

    /** A frame to be written to many connections of this lane. On the lane only. */
    Shared share(Frame frame);

    /** A frame in the form the lane writes it in, made once. */
    interface Shared extends AutoCloseable {
        /** Writes it to one connection. */
        void to(Connection connection);

        @Override
        void close();
    }
}
