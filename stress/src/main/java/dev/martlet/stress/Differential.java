package dev.martlet.stress;

import dev.martlet.kernel.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The differential test: random programs run on Erlang and on Martlet, and what can be observed must be equal.
 *
 * <p>A program is a list of {@linkplain Step steps}: one process spawns, links, monitors, sends, receives, crashes,
 * exits, sends an exit signal, registers a name, or a supervisor is told something. A driver has one step done at a
 * time, and waits between two until everything is at rest. Observed are, after each step: its result; what supervisors
 * did; who lives, with how many messages; and, where a program looks, the messages. At the end it looks everywhere.
 *
 * <p>Equal means equal but for what Erlang leaves open, which both sides normalise in the same way:
 *
 * <ol>
 *   <li>whether an actor that ends in a step had given its result before: {@code died};
 *   <li>the order of signals of different processes within a step: by sender; one sender's stay in order;
 *   <li>the order of the DOWNs and the EXIT that one death causes: sorted;
 *   <li>the order of what different supervisors do within a step, of children that are orphaned at the same time, and of
 *       {@code which_children}: sorted;
 *   <li>the text of errors, and the stack traces of crashes: left out;
 *   <li>link/1 to a local process that has ended raises noproc for reasons of history; taken as the exit signal that it
 *       is documented to be.
 * </ol>
 *
 * And where Martlet differs by design:
 *
 * <ul>
 *   <li>a supervisor that gives up says why in its {@code Shutdown};
 *   <li>one whose child does not start ends with {@code Crashed(StartFailed)}, Erlang's with
 *       {@code {shutdown, {failed_to_start_child, …}}}: both shown as {@code start_failed};
 *   <li>{@code Killed} as the reason of an exit signal is Erlang's {@code kill}, so Erlang's exit(Pid, killed) has no
 *       counterpart;
 *   <li>a process may have several names, so programs give it at most one;
 *   <li>a supervised server is asked to stop even if it does not trap exits; what it could do then is not observed.
 * </ul>
 */
public final class Differential {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int BATCH = 250;

    private Differential() {}

    /** {@code [--programs N] [--seed S]}: runs the programs S, S+1, …; exit status 1 if one differs. */
    public static void main(String... args) {
        var programs = 2_000;
        var seed = 1L;
        for (var i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--programs" -> programs = Integer.parseInt(args[i + 1]);
                case "--seed" -> seed = Long.parseLong(args[i + 1]);
                default -> throw new IllegalArgumentException("allowed are --programs N and --seed S; got: " + args[i]);
            }
        }
        var begin = System.nanoTime();
        var difference = run(seed, programs);
        System.out.println(difference.orElse(programs + " programs from seed " + seed + ": observations equal, "
                + (System.nanoTime() - begin) / 1_000_000 + " ms"));
        System.exit(difference.isPresent() ? 1 : 0);
    }

    /** Runs that many programs. What differs first, shrunk and explained; empty if nothing does. */
    static Optional<String> run(long seed, int programs) {
        try (var erlang = Erlang.start();
                var node = Node.start(Node.Config.DEFAULT.name("differential"))) {
            for (var from = 0; from < programs; from += BATCH) {
                var batch = LongStream.range(seed + from, seed + Math.min(programs, from + BATCH))
                        .mapToObj(s -> Generator.program(s, 4 + Math.floorMod(s, 60)))
                        .toList();
                var differing = differing(node, batch, erlang.run(batch));
                if (differing.isPresent()) {
                    return Optional.of(new Shrinking(erlang, node).explain(differing.get()));
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<Outcome> differing(Node node, List<Program> batch, List<List<String>> expected) {
        try (var threads = Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors())) {
            var runs = IntStream.range(0, batch.size())
                    .mapToObj(i -> threads.submit(() -> Outcome.of(node, batch.get(i), expected.get(i), PATIENCE)))
                    .toList();
            for (var run : runs) {
                if (run.get().differs()) {
                    runs.forEach(other -> other.cancel(false));
                    return Optional.of(run.get());
                }
            }
            return Optional.empty();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
