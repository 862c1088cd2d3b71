/**
 * What stands between the protocol of channels and the bytes of a connection. Neither side sees the other: {@code netty}
 * implements {@code Connection} and {@code Lane}, {@code channel} implements {@code Mount}; a client without a network
 * implements the former too.
 */
@NullMarked
package dev.martlet.web.transport;

import org.jspecify.annotations.NullMarked;
