/**
 * Pekko's side of the table: the programs of {@code dev.martlet.bench.rows} under the same names, written as Pekko's
 * own documentation would, in the form that was its fastest.
 */
@NullMarked
package dev.martlet.bench.pekko;

import org.jspecify.annotations.NullMarked;
