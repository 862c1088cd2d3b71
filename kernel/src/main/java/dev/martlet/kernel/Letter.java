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

    /**
     * The lane, two flags and the depth, packed so that a letter has 32 bytes (8-byte references, compact headers). The
     * sender writes it before it publishes the letter, the owner after it has taken it.
     */
    private int bits;

    private static final int LANE_SHIFT = 30;
    private static final int URGENT = 1 << 29;
    private static final int KEPT = 1 << 28;
    private static final int DEPTH = KEPT - 1;

    /** When it was sent, in the node's coarse ticks. */
    int sentAt;

    @Nullable
    Letter next;

    Letter(Object message, byte lane) {
        this.message = message;
        this.bits = lane << LANE_SHIFT;
    }

    final int lane() {
        return bits >>> LANE_SHIFT;
    }

    /** How many letters the inbox holds, with this one, which is its top. */
    final int depth() {
        return bits & DEPTH;
    }

    /** Whether this letter or one below it is {@link #PRIORITY}. */
    final boolean urgent() {
        return (bits & URGENT) != 0;
    }

    /** A {@link Request} whose answer comes later. */
    final boolean kept() {
        return (bits & KEPT) != 0;
    }

    final void keep() {
        bits |= KEPT;
    }

    /** Lays it on top of those that wait; null: none do. By its sender, before anybody else sees it. */
    final void layOn(@Nullable Letter below) {
        next = below;
        var there = below == null ? 0 : below.bits & (URGENT | DEPTH);
        if ((there & DEPTH) < DEPTH) { // it stays there then: nobody has a quarter of a billion
            there++;
        }
        bits = lane() << LANE_SHIFT | there | (lane() == PRIORITY ? URGENT : 0);
    }

    /** Corrects the depth of the top when some below it were dropped. */
    final void depth(int depth) {
        bits = bits & ~DEPTH | Math.min(depth, DEPTH);
    }

    /** Whether its receiver has said meanwhile that it does not want it: the {@link Down} of an ended monitor. */
    final boolean isCancelled() {
        return lane() == SIGNAL && message instanceof Down down && down.monitor().cancelled;
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
