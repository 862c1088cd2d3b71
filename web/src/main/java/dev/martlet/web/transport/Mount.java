package dev.martlet.web.transport;

import dev.martlet.web.Origins;
import dev.martlet.web.Route;

/** A route that takes connections. */
public interface Mount extends Route {
    /** Whose pages may connect. */
    Origins origins();

    /** Begins to serve. */
    Acceptor open(Host host);

    /** Takes connections. */
    interface Acceptor {
        /**
         * Starts the process for a client that wants to connect; that process decides and tells {@code connection}. Does
         * not block.
         */
        Peer connect(Connection connection, Handshake handshake);
    }
}
