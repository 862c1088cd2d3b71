package dev.martlet.showcase.chat;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the chat accepts. Each rule answers with what is wrong, or with nothing. */
final class Rules {
    /** The longest name, in UTF-16 units, as browsers count a {@code maxlength}. */
    static final int NAME = 32;

    /** The longest message, in UTF-16 units. */
    static final int BODY = 2_000;

    /** The longest key a client may give a message. */
    static final int KEY = 64;

    private static final Pattern ROOM = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    // Line breaks, and what turns the direction of text around, would let a name pretend to be something else.
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[\\p{Cntrl}\\x{2028}-\\x{202E}\\x{2066}-\\x{2069}]");

    private Rules() {}

    static Optional<String> problemWithName(String name) {
        if (name.isBlank() || name.length() > NAME) {
            return Optional.of("a name has 1 to %d characters; got %s".formatted(NAME, size(name)));
        }
        return NOT_IN_NAMES.matcher(name).find()
                ? Optional.of("a name has no line breaks and no control characters")
                : Optional.empty();
    }

    static Optional<String> problemWithRoom(String room) {
        return ROOM.matcher(room).matches()
                ? Optional.empty()
                : Optional.of(
                        "a room name has 1 to 32 characters out of a-z, 0-9 and dashes; got %s".formatted(quote(room)));
    }

    static Optional<String> problemWithMessage(String body, String key) {
        if (body.isBlank() || body.length() > BODY) {
            return Optional.of("a message has 1 to %,d characters; got %s".formatted(BODY, size(body)));
        }
        return key.length() > KEY
                ? Optional.of("the key of a message has up to %d characters; got %s".formatted(KEY, size(key)))
                : Optional.empty();
    }

    private static String size(String text) {
        return text.isBlank() ? "a blank one" : "%,d".formatted(text.length());
    }

    private static String quote(String text) {
        return '"' + (text.length() > NAME ? text.substring(0, NAME) + "…" : text) + '"';
    }
}
