package dev.martlet.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a mailbox that counts bytes or conflates knows of the messages that wait. Guarded by itself. */
final class Shelf {
    private final Mailbox mailbox;
    private final Map<Object, Parcel> byKey = new HashMap<>();
    private long bytes;

    Shelf(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    Parcel pack(Object message, @Nullable Deadline deadline) {
        var key = mailbox.key().isPresent() ? mailbox.key().get().apply(message) : null;
        return new Parcel(message, mailbox.sizer().applyAsLong(message), key, deadline);
    }

    /** Puts the message in the place of a waiting one with the same key, which it returns; null if there is none. */
    synchronized @Nullable Object replace(Parcel parcel) {
        var waiting = parcel.key == null ? null : byKey.get(parcel.key);
        if (waiting == null || isTooMuch(parcel.bytes - waiting.bytes)) {
            return null;
        }
        var replaced = waiting.message;
        bytes += parcel.bytes - waiting.bytes;
        waiting.message = parcel.message;
        waiting.bytes = parcel.bytes;
        return replaced;
    }

    /** Whether there is room for it; then it is counted. */
    synchronized boolean admit(Parcel parcel) {
        if (isTooMuch(parcel.bytes)) {
            return false;
        }
        bytes += parcel.bytes;
        if (parcel.key != null) {
            byKey.put(parcel.key, parcel);
        }
        return true;
    }

    private boolean isTooMuch(long more) {
        // The owner drops the oldest when it next looks: until then there may be twice as much.
        var factor = mailbox.overflow() == Overflow.DROP_OLDEST ? 2 : 1;
        return mailbox.maxBytes().isPresent()
                && bytes + more > factor * mailbox.maxBytes().getAsLong();
    }

    /** Whether the oldest must be dropped. */
    synchronized boolean isOverfull() {
        return mailbox.maxBytes().isPresent() && bytes > mailbox.maxBytes().getAsLong();
    }

    /** It is handled now, or dropped: from now on nothing replaces it. */
    synchronized void remove(Parcel parcel) {
        bytes -= parcel.bytes;
        if (parcel.key != null) {
            byKey.remove(parcel.key, parcel);
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
