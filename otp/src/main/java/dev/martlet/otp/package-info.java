/**
 * OTP's behaviours, built only on the public API of {@code dev.martlet.kernel}.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link dev.martlet.otp.GenServer}: one process, one sealed protocol, one explicit state; with
 *       {@link dev.martlet.otp.Ref}, {@link dev.martlet.otp.Call}, {@link dev.martlet.otp.Next}
 *   <li>{@link dev.martlet.otp.Supervisor} and {@link dev.martlet.otp.Child}: who starts, restarts and stops it
 *   <li>{@link dev.martlet.otp.DynamicSupervisor}, {@link dev.martlet.otp.PartitionSupervisor}: children that come and go,
 *       and work that is divided by key
 *   <li>{@link dev.martlet.otp.StateMachine}: where what an event means depends on the state
 *   <li>{@link dev.martlet.otp.Sys}, {@link dev.martlet.otp.OtpEvent.CrashReport}, {@link dev.martlet.otp.Replay}: looking
 *       into a running process, and at why one ended
 *   <li>{@link dev.martlet.otp.Task}, {@link dev.martlet.otp.TaskStream}, {@link dev.martlet.otp.TaskSupervisor}: one
 *       computation, one for each item, and many that belong to the tree
 *   <li>{@link dev.martlet.otp.Registry}: finding one of many by key; {@link dev.martlet.otp.DuplicateRegistry} and {@link
 *       dev.martlet.otp.ProcessGroups}: many by one key
 *   <li>{@link dev.martlet.otp.Application}: the tree as a program
 *   <li>{@link dev.martlet.otp.test.TestProc}: testing all that
 * </ol>
 */
@NullMarked
package dev.martlet.otp;

import org.jspecify.annotations.NullMarked;
