package dev.martlet.otp;

import java.time.Duration;

/** What a supervisor does with a child that has to come back. */
sealed interface Verdict {
    /** Starts it again, after a wait or at once. */
    record Restart(Duration pause) implements Verdict {}

    /** Leaves it alone until it is tried once more. */
    record SetAside(Duration probe) implements Verdict {}

    /** Ends, so that the next supervisor decides. */
    record GiveUp(String why) implements Verdict {}
}
