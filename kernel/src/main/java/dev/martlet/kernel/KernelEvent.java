package dev.martlet.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything the kernel reports through {@link Telemetry}. The rarer ones, all but {@link Dropped}, are also events of
 * JDK Flight Recorder, named {@code dev.martlet.Spawned} and so on.
 *
 * {@snippet :
 * node.telemetry().attach(KernelEvent.Busy.class, e -> log.warn("{} is busy for {}", e.label(), e.time()));
 * }
 *
 * <p>Labels and lists are as they were at that moment; {@code label} is what the process was called, or an empty string.
 */
public sealed interface KernelEvent {
    /**
     * A process has started.
     *
     * @param pid which
     */
    record Spawned(Pid pid) implements KernelEvent {}

    /**
     * A process has ended, orderly or not.
     *
     * @param pid which
     * @param label what it was called
     * @param reason why
     */
    record Exited(Pid pid, String label, ExitReason reason) implements KernelEvent {}

    /**
     * The code of a process threw.
     *
     * @param pid which
     * @param label what it was called
     * @param reason what it threw
     */
    record Crashed(Pid pid, String label, ExitReason reason) implements KernelEvent {}

    /** Why a message is not handled. */
    enum Cause {
        /** Its receiver had ended. */
        DEAD_RECEIVER,
        /** The mailbox was full, and its policy or the time its sender waited said no. */
        OVERFLOW,
        /** Its deadline had passed, or who sent the request had given up. */
        EXPIRED,
        /** It had waited longer than its mailbox allows. */
        TOO_OLD,
        /** A newer one with the same key has taken its place. */
        CONFLATED,
        /** It came through an {@link Alias} that was switched off. */
        INACTIVE_ALIAS,
        /** An answer whose caller had given up. */
        LATE_REPLY
    }

    /**
     * A message was dropped.
     *
     * @param pid who was to get it; for a late reply, who gave it
     * @param label what that is called
     * @param message the message
     * @param cause why
     */
    record Dropped(Pid pid, String label, Object message, Cause cause) implements KernelEvent {}

    /**
     * The mailbox of a process has become three quarters full, or was found full by a sender. Told once, until it was
     * down to half.
     *
     * @param pid which
     * @param label what it is called
     * @param waiting how many messages wait
     * @param limit how many may
     */
    record MailboxHigh(Pid pid, String label, int waiting, int limit) implements KernelEvent {}

    /**
     * A {@link Proc#call} has timed out.
     *
     * @param caller who called, if it was a process
     * @param server whom
     * @param label what that is called
     * @param request what was asked
     * @param timeout how long it waited
     */
    record CallTimedOut(Optional<Pid> caller, Pid server, String label, Object request, Duration timeout)
            implements KernelEvent {}

    /**
     * A {@link Proc#call} was refused because its server waits for the caller.
     *
     * @param chain the caller, whom it called, whom that waits for, and so on
     */
    record CallCycle(List<Pid> chain) implements KernelEvent {}

    /**
     * A process has used a thread for long, 100 ms, without sending, receiving or ending. It was put behind all others,
     * so nobody has to wait for it, but what it does may belong into a {@code CpuPool}.
     *
     * @param pid which
     * @param label what it is called
     * @param handling the message it handles; empty for a process with a body
     * @param time for how long
     * @param stack where it was when this was found out, the innermost call first
     */
    record Busy(Pid pid, String label, Optional<Object> handling, Duration time, List<StackTraceElement> stack)
            implements KernelEvent {}

    /**
     * A process was ended, and its code goes on: it swallows interrupts, or never looks up. Its thread is lost until that
     * ends. Told after one second, and each time that it has lasted twice as long.
     *
     * @param pid which
     * @param label what it was called
     * @param reason why it was ended
     * @param time how long ago
     * @param stack where it is, the innermost call first
     */
    record Stuck(Pid pid, String label, ExitReason reason, Duration time, List<StackTraceElement> stack)
            implements KernelEvent {}

    /**
     * A {@linkplain Node#limits() limit} of the node was reached: somebody got {@link LimitReached}. Told at most once a
     * second for each.
     *
     * @param limit which, with its use
     */
    record LimitHit(Limit limit) implements KernelEvent {}
}
