/** The one configuration of Jackson, and the little that is done with it. */
@NullMarked
package dev.martlet.web.json;

import org.jspecify.annotations.NullMarked;
