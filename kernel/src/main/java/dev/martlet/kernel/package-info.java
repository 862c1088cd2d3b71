/**
 * Processes: what Erlang's emulator gives its programs, on the JVM.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link dev.martlet.kernel.Proc}: what a process can do: spawn, send, receive, link, monitor, exit
 *   <li>{@link dev.martlet.kernel.Pid}: its identity
 *   <li>{@link dev.martlet.kernel.ExitReason}, {@link dev.martlet.kernel.Down}, {@link dev.martlet.kernel.Exit}: how it
 *       ends and who hears of it
 *   <li>{@link dev.martlet.kernel.Node}: the runtime that owns processes, names, timers and limits
 *   <li>{@link dev.martlet.kernel.Receiver}: a process without a stack of its own, for behaviours such as GenServer
 * </ol>
 *
 * <p>Applications mostly use {@code dev.martlet.otp}, which is built on this package's public API only.
 */
@NullMarked
package dev.martlet.kernel;

import org.jspecify.annotations.NullMarked;
