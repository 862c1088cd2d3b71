package dev.martlet.otp;

import org.jspecify.annotations.Nullable;

/** What {@link Sys}, crash reports and {@link Replay} need to know of the process around a behaviour. */
interface Introspected {
    /** The user's value: the server, the machine, the specification of the supervisor. */
    Object behaviour();

    /** The state as it is. */
    @Nullable
    Object rawState();

    /** The state as it may be shown, see {@link GenServer#formatStatus}. */
    @Nullable
    Object shownState();

    /** Sets the state; throws where that makes no sense. */
    void replaceState(@Nullable Object state);

    /** Its debugging, if there is any now. */
    @Nullable
    Debug debug();

    /** Sets or, with null, removes it. */
    void debug(@Nullable Debug debug);
}
