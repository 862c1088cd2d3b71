package dev.martlet.kernel;

import java.util.Locale;

/** How errors show what they speak of. */
final class Words {
    private static final int MOST = 400;

    private Words() {}

    /**
     * A message as it prints itself, cut if that is long. It may belong to a process that changes it at this moment, and
     * its toString may fail: the error that wants to show it must not.
     */
    static String of(Object message) {
        String text;
        try {
            text = String.valueOf(message);
        } catch (RuntimeException e) {
            return message.getClass().getName() + " (its toString failed: " + e + ")";
        }
        return text.length() <= MOST ? text : text.substring(0, MOST) + "… (" + text.length() + " characters)";
    }

    /** As 7.2 s or 350 ms. */
    static String time(long nanos) {
        var millis = nanos / 1_000_000;
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis % 1_000 == 0
                ? String.format(Locale.ROOT, "%,d s", millis / 1_000)
                : String.format(Locale.ROOT, "%,.1f s", nanos / 1e9);
    }
}
