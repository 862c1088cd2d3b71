package dev.martlet.web.channel;

/** An event of a client that waits for its reply. Keep it, return {@code next(state)}, and reply when there is something to say. */
public interface SocketRef {
    /**
     * Answers. The client library takes the first answer only.
     *
     * @param status {@code ok}, {@code error} or a word of the application's own
     * @param payload the response
     */
    void reply(String status, Object payload);
}
