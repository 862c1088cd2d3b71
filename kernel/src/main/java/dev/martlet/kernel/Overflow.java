package dev.martlet.kernel;

/** What happens to a message for a process whose mailbox is full. Whatever is dropped is counted. */
public enum Overflow {
    /**
     * The sender waits for room, at most {@link Node#maxBlock()}; then the message is dropped. Senders that must not
     * wait use {@link Proc#offer}.
     */
    BLOCK,
    /** The message is dropped; a {@link Proc#call} fails at once. */
    DROP_NEWEST
}
