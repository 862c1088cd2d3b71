/**
 * Martlet against the truth: {@link dev.martlet.stress.Differential} runs random programs on Martlet and on a real
 * Erlang VM and compares what can be observed. Nothing here reaches users.
 */
@NullMarked
package dev.martlet.stress;

import org.jspecify.annotations.NullMarked;
