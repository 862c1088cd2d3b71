/**
 * {@code martlet bench}: runs Martlet and another runtime in turn, each round in fresh VMs, and prints what Martlet is
 * next to it. {@link dev.martlet.bench.Main} is the command; {@code rows} holds the programs.
 */
@NullMarked
package dev.martlet.bench;

import org.jspecify.annotations.NullMarked;
