package dev.martlet.bench.harness;

import java.util.List;
import java.util.Locale;

/**
 * Runs programs in this VM and prints a line for each value: {@code RESULT <tab> row <tab> value}; or, if the program did
 * not do what it was to do, {@code FAILED <tab> row <tab> why}.
 */
public final class Runner {
    private static final long WARM_NANOS = 2_500_000_000L;
    private static final int WARM_RUNS = 3;

    private Runner() {}

    /**
     * The main method of a VM that measures: {@code --list} prints which programs there are and their rows, {@code SCALE
     * PROGRAM…} runs some. Ends the VM, with 1 if one of them failed.
     */
    public static void main(List<Program> programs, String... args) {
        var failed = false;
        if (args.length == 1 && args[0].equals("--list")) {
            programs.forEach(p -> System.out.println("PROGRAM\t" + p.name() + "\t" + String.join("\t", p.rows())));
        } else {
            var scale = Scale.valueOf(args[0].toUpperCase(Locale.ROOT));
            var wanted = List.of(args).subList(1, args.length);
            for (var program : programs) {
                if (wanted.contains(program.name())) {
                    failed |= !succeeds(program, scale);
                }
            }
        }
        System.out.flush();
        System.exit(failed ? 1 : 0); // whatever the programs left behind
    }

    private static boolean succeeds(Program program, Scale scale) {
        try {
            run(program, scale);
            return true;
        } catch (Exception | OutOfMemoryError e) {
            program.rows().forEach(row -> System.out.println("FAILED\t" + row + "\t" + program.name() + ": " + e));
            return false;
        }
    }

    private static void run(Program program, Scale scale) throws Exception {
        var measured = switch (program.repeats()) {
            case WARM -> {
                var end = System.nanoTime() + (scale == Scale.FULL ? WARM_NANOS : WARM_NANOS / 2);
                for (var i = 0; i < WARM_RUNS || System.nanoTime() < end; i++) {
                    program.once(scale);
                }
                yield 3;
            }
            case ONCE -> 1;
            case WINDOWS -> {
                program.once(Scale.QUICK);
                yield 5;
            }
        };
        for (var i = 0; i < measured; i++) {
            System.gc(); // so that the garbage of one run is not collected at the cost of the next
            Thread.sleep(100);
            program.once(scale)
                    .values()
                    .forEach((row, value) -> System.out.printf(Locale.ROOT, "RESULT\t%s\t%.6f%n", row, value));
        }
    }
}
