package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/** A letter of which more must be known: how big it is, what it may be replaced by, until when it is wanted. */
final class Parcel extends Letter {
    /** Guarded by the {@link Shelf}. */
    long bytes;

    final @Nullable Object key;
    private final @Nullable Deadline deadline;

    Parcel(Object message, long bytes, @Nullable Object key, @Nullable Deadline deadline) {
        super(message, NORMAL);
        this.bytes = bytes;
        this.key = key;
        this.deadline = deadline;
    }

    @Override
    boolean isExpired(Node node) {
        return deadline != null && deadline.hasPassed(node);
    }
}
