package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import java.time.Duration;
import java.util.List;

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

    /**
     * A behaviour crashed: it ended with anything but {@code Normal} and {@code Shutdown}, by its own code. Those that
     * others ended, by a kill or through a link, have no say in it and give none, as in OTP. All text is redacted, see
     * {@link Sensitive} and {@link GenServer#formatStatus}. It is also logged, at most 20 a second.
     *
     * @param pid its process
     * @param behaviour the class of the server or state machine
     * @param names the names it was registered under
     * @param label what it was called
     * @param ancestors its supervisor, that one's supervisor and so on
     * @param reason why
     * @param message what it was handling; empty if nothing
     * @param state its state, as it may be shown
     * @param recording its last messages, for {@link Replay}: the one it was handling, or more if it was recorded
     */
    record CrashReport(
            Pid pid,
            String behaviour,
            List<String> names,
            String label,
            List<Pid> ancestors,
            ExitReason reason,
            String message,
            String state,
            Recording recording)
            implements OtpEvent {
        @Override
        public String toString() {
            return "Crash of " + behaviour + " " + pid
                    + "\n    reason:    " + reason
                    + "\n    message:   " + message
                    + "\n    state:     " + state
                    + "\n    called:    " + label + (names.isEmpty() ? "" : ", registered as " + names)
                    + "\n    ancestors: " + ancestors
                    + (recording.size() > 1 ? "\n    before it: " + recording : "");
        }
    }
}
