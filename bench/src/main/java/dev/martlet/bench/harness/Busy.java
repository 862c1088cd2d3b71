package dev.martlet.bench.harness;

import java.util.HashMap;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** What busy processes do, on every runtime the same: some steps of it, after which they see whether they are to end. */
public final class Busy {
    private static final Pattern SLOW = Pattern.compile("(a+)+b");
    private static final String LETTERS = "a".repeat(20);

    private Busy() {}

    /** A loop of ours: less than a microsecond. */
    public static long spin(long seed) {
        var x = seed;
        for (var i = 0; i < 64; i++) {
            x = x * 1103515245L + 12345L & 0x7fffffffL;
        }
        return x;
    }

    /** Deep in the JDK, some 10 ms: by its number it sorts, matches a backtracking expression, or fills a map. */
    public static long library(int number) {
        return switch (number % 3) {
            case 0 -> {
                var numbers = new Random(number).ints(50_000).boxed().sorted().toList();
                yield numbers.getFirst();
            }
            case 1 -> SLOW.matcher(LETTERS).matches() ? 1 : 0;
            default -> {
                var map = new HashMap<Integer, Integer>();
                for (var i = 0; i < 50_000; i++) {
                    map.merge(ThreadLocalRandom.current().nextInt(50_000), 1, Integer::sum);
                }
                yield map.size();
            }
        };
    }
}
