package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import java.time.Duration;

/**
 * Everything this module reports through {@link dev.martlet.kernel.Telemetry}. With no handler attached none of these
 * is even made.
 *
 * {@snippet :
 * Node.current().telemetry().attach(OtpEvent.ChildQuarantined.class, e -> page(e.id(), e.reason()));
 * }
 */
public sealed interface OtpEvent {
    /**
     * A supervisor starts a child again.
     *
     * @param supervisor whose child
     * @param id which child
     * @param reason why it had ended
     * @param pause how long it waits before that; zero without backoff
     */
    record ChildRestarting(Pid supervisor, String id, ExitReason reason, Duration pause) implements OtpEvent {}

    /**
     * A child that kept crashing was set aside.
     *
     * @param supervisor whose child
     * @param id which child
     * @param reason its last end
     * @param probe when it is tried again
     */
    record ChildQuarantined(Pid supervisor, String id, ExitReason reason, Duration probe) implements OtpEvent {}

    /**
     * Children did not stop within their time and were killed.
     *
     * @param supervisor whose children
     * @param id the first of them
     * @param count how many
     */
    record ChildrenKilled(Pid supervisor, String id, int count) implements OtpEvent {}

    /**
     * A supervisor reached its restart intensity and ends.
     *
     * @param supervisor which
     * @param id the last child to end
     * @param reason why that ended
     */
    record SupervisorGaveUp(Pid supervisor, String id, ExitReason reason) implements OtpEvent {}
}
