package dev.martlet.otp;

import java.util.List;

/** The configuration lacks keys or has wrong values. The message names them all, and never the value of a secret. */
public final class SettingsInvalid extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    SettingsInvalid(List<String> problems) {
        super("the configuration is not valid, nothing was started:\n    " + String.join("\n    ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One text for each bad key, in the order they were read. */
    public List<String> problems() {
        return problems;
    }
}
