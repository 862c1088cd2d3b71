/** For those who deliver to many listeners at once: {@link dev.martlet.pubsub.spi.Sink}. */
@NullMarked
package dev.martlet.pubsub.spi;

import org.jspecify.annotations.NullMarked;
