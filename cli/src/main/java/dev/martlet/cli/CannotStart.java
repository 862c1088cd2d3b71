package dev.martlet.cli;

import java.util.Objects;
import java.util.stream.Stream;

/** Why the application did not start and what to do about it, in one line for the person at the terminal. */
final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    private CannotStart(String message, Throwable cause) {
        super(message, cause);
    }

    static CannotStart because(Throwable failure, int port) {
        return new CannotStart(line(failure, port), failure);
    }

    private static String line(Throwable failure, int port) {
        // What binds is far below, and its exceptions differ by transport; the texts for errno do not.
        if (says(failure, "in use")) {
            return "port %d is in use: stop the other program or use --port N".formatted(port);
        }
        if (says(failure, "denied")) {
            return "port %d is not allowed for this user: use --port N with N from 1024 up".formatted(port);
        }
        return "cannot start: %s (MARTLET_LOG=DEBUG shows where)"
                .formatted(failure.toString().lines().findFirst().orElse("").strip());
    }

    private static boolean says(Throwable failure, String text) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains(text));
    }
}
