package dev.martlet.kernel;

/**
 * The one who waits for the answer to a request sent with {@link Proc#call}. A {@link Receiver} gets it with the
 * request and may keep it to answer later, from any thread.
 *
 * {@snippet :
 * public void request(Object message, Caller caller) {
 *     caller.reply(switch (message) {
 *         case Get() -> count;
 *         default -> throw new IllegalArgumentException("allowed: Get; got: " + message);
 *     });
 * }
 * }
 */
public interface Caller {
    /**
     * Answers. The first answer counts; one that comes after the caller gave up is dropped and counted as a
     * {@linkplain Node.Counts late reply}.
     *
     * @return whether somebody was still waiting for it
     */
    boolean reply(Object value);

    /**
     * Says that the answer comes later. If the process ends before that, the caller is told so, as with any request the
     * process had accepted.
     */
    void defer();

    /** What it asked. */
    Object request();

    /** Whether {@link #defer} was called. */
    boolean isDeferred();

    /** Whether neither an answer nor the end of the wait has come yet. */
    boolean isWaiting();
}
