package dev.martlet.web.channel;

import dev.martlet.web.Origins;
import dev.martlet.web.Route;

/** A socket of channels, made by {@link Channels#socket}. A value; each method returns a changed copy. */
public interface SocketRoute extends Route {
    /** Whose pages may connect; {@link Origins#sameHost} if nobody says otherwise. */
    SocketRoute origins(Origins origins);
}
