package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** A message on its way: the node of the mailbox's list. {@link Request} is a letter that is answered. */
class Letter {
    /** Admitted whatever the limit says, and handled in order with the messages of the same sender. */
    static final byte SIGNAL = 1;

    /** Overtakes ordinary messages; admitted whatever the limit says. */
    static final byte PRIORITY = 2;

    /** Counts against the mailbox limit. */
    static final byte NORMAL = 0;

    /** Replaced only while a {@link Parcel} waits, under its mailbox' lock. */
    Object message;

    final byte lane;

    /** Set by the sender before it publishes the letter: how many letters the inbox holds with this one. */
    int depth;

    /** Set like {@link #depth}: whether this letter or one below it is {@link #PRIORITY}. */
    boolean urgent;

    /** Set like {@link #depth}: when it was sent, in the node's coarse ticks, and when the oldest below it was. */
    int sentAt;

    int oldestSentAt;

    @Nullable
    Letter next;

    Letter(Object message, byte lane) {
        this.message = message;
        this.lane = lane;
    }

    /** Whether its receiver has said meanwhile that it does not want it: the {@link Down} of an ended monitor. */
    final boolean isCancelled() {
        return lane == SIGNAL && message instanceof Down down && down.monitor().cancelled;
    }

    /** Whether nobody wants it any more: its deadline has passed, or its sender has given up. */
    boolean isExpired(Node node) {
        return false;
    }

    /** Tells a waiting sender that nobody will handle this letter any more. */
    void refuse(ExitReason reason) {}

    /** Tells a waiting sender that it was dropped, and why. */
    void drop(String why) {}
}
