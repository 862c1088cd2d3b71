/** The {@code martlet} command: one class for each subcommand. Start at {@link dev.martlet.cli.Main}. */
@NullMarked
package dev.martlet.cli;

import org.jspecify.annotations.NullMarked;
