package dev.martlet.web.channel;

/** A message is none of the protocol. */
final class InvalidFrame extends Exception {
    private static final long serialVersionUID = 1;

    InvalidFrame(String why) {
        super(why, null, false, false);
    }
}
