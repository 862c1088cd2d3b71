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
 *   <li>{@link dev.martlet.kernel.Receiver}: a process without a stack of its own, for behaviours such as GenServer
 *   <li>{@link dev.martlet.kernel.Mailbox}, {@link dev.martlet.kernel.Deadline}, {@link dev.martlet.kernel.CallFailed}:
 *       what happens when there is too much to do, or too little time
 *   <li>{@link dev.martlet.kernel.Timer}, {@link dev.martlet.kernel.Alias}, {@link dev.martlet.kernel.Response}: messages
 *       later, for a limited time, and answers that are awaited later
 *   <li>{@link dev.martlet.kernel.Node}: the runtime that owns processes, names, timers; {@link
 *       dev.martlet.kernel.NodeLimits}: how many of them
 *   <li>{@link dev.martlet.kernel.KernelEvent}, {@link dev.martlet.kernel.Telemetry}, {@link
 *       dev.martlet.kernel.Inspector}: what is going on in it
 *   <li>{@link dev.martlet.kernel.SimulatedNode}: the same, one thing at a time, by a seed
 * </ol>
 *
 * <p>Applications mostly use {@code dev.martlet.otp}, which is built on this package's public API only.
 */
@NullMarked
package dev.martlet.kernel;

import org.jspecify.annotations.NullMarked;
