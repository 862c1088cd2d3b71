/**
 * Martlet's side of the table: programs against its public API, with all that a user gets — bounded mailboxes, links,
 * telemetry. {@link dev.martlet.bench.rows.Rows} lists them. Erlang's side is in {@code src/main/erlang}, a program of
 * the same name each.
 */
@NullMarked
package dev.martlet.bench.rows;

import org.jspecify.annotations.NullMarked;
