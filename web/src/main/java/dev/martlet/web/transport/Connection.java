package dev.martlet.web.transport;

/** One client, as the protocol sees it. */
public interface Connection {
    /** Where its output runs. */
    Lane lane();

    /** Completes the handshake: messages may come from now on. Any thread. */
    void accept();

    /** Answers the handshake with an HTTP status instead. Any thread. */
    void refuse(int status);

    /** Writes a frame; what one turn of the lane writes leaves together. On the lane only; nothing after its end. */
    void write(Frame frame);

    /** Closes it after what has been written. On the lane only. */
    void close(int code, String reason);

    /** Says that so many of its messages have been handled, so that more may come. Any thread. */
    void handled(int messages);
}
