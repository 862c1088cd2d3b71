package dev.martlet.web.transport;

import dev.martlet.kernel.Pid;

/** The server's side of one connection. Its methods are called on the lane of the connection and do not block. */
public interface Peer {
    /** The process behind it; when that ends the connection is closed. */
    Pid pid();

    /** Takes a message. How many are not {@linkplain Connection#handled handled} yet is the connection's to bound. */
    void message(byte[] bytes, boolean binary);

    /** Hears, once, that the connection is gone. */
    void disconnected();
}
