/** The showcase: {@link dev.martlet.showcase.Showcase} is the whole application, top to bottom. */
@NullMarked
package dev.martlet.showcase;

import org.jspecify.annotations.NullMarked;
