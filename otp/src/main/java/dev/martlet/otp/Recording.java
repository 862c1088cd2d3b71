package dev.martlet.otp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of a process, the oldest first, each with the state it met: what {@link Sys#recorded} gives and a
 * {@link OtpEvent.CrashReport} carries for {@link Replay}.
 *
 * <p>It refers to messages and states as they were passed around, so it tells the truth about immutable ones only. What
 * it shows is {@linkplain Sensitive redacted}; {@link Replay} works with the real values and never prints them.
 */
public final class Recording {
    /** How a message came. */
    enum Kind {
        /** Cast or sent. */
        MESSAGE,
        /** By a call. */
        REQUEST,
        /** Left by {@link Next#then}. */
        CONTINUE
    }

    /** One message and the state before it. */
    record Step(Kind kind, Object message, @Nullable Object stateBefore) {}

    static final Recording EMPTY = new Recording(List.of());

    final List<Step> steps;

    Recording(List<Step> steps) {
        this.steps = steps;
    }

    /** How many messages it holds. */
    public int size() {
        return steps.size();
    }

    /** The messages, redacted. */
    public List<String> messages() {
        return steps.stream().map(step -> Redacted.text(step.message)).toList();
    }

    /** The states the messages met, redacted. */
    public List<String> statesBefore() {
        return steps.stream().map(step -> Redacted.text(step.stateBefore)).toList();
    }

    @Override
    public String toString() {
        return messages().toString();
    }
}
