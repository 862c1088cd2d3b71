package dev.martlet.kernel;

/**
 * What happens to a message for a process whose {@link Mailbox} is full. Whatever is dropped is counted. A mailbox that
 * {@linkplain Mailbox#conflate conflates} keeps the latest message of each key before any of these is asked.
 */
public enum Overflow {
    /**
     * The sender waits for room, at most {@link Node.Config#maxBlock()}; then the message is dropped. Who has waited
     * longest is let in first. Senders that must not wait use {@link Proc#offer}.
     */
    BLOCK,
    /** A {@link Proc#call} fails at once with {@link CallFailed.Overloaded}; a message that is just sent is dropped. */
    REJECT,
    /** The message is dropped; a {@link Proc#call} fails at once. For senders that expect no answer anyway. */
    DROP_NEWEST,
    /** The messages that waited longest are dropped, to make room; a request among them fails. */
    DROP_OLDEST
}
