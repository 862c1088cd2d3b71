package dev.martlet.kernel;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * What goes wrong in a {@link SimulatedNode}, at moments that its seed decides: an immutable value, each method returns a
 * changed copy.
 *
 * {@snippet :
 * sim.chaos(Chaos.NONE
 *         .kill(0.01, label -> label.equals("Room"))           // one turn of a room in a hundred ends with a kill
 *         .delay(0.05, Duration.ofMillis(20))                  // one turn in twenty comes up to 20 ms late
 *         .delayMessages(0.1, Duration.ofMillis(5)));          // one message in ten is up to 5 ms on its way
 * }
 *
 * <p>A delayed message is overtaken by those of other senders, never by a later one, or a signal, of its own: what
 * Erlang promises between two processes holds, and nothing more. Without it a message arrives as it is sent, which is
 * what one node does and what code must not count on when it is to run on several.
 *
 * @param kill how probable it is that a process is killed when its turn comes
 * @param mayBeKilled by its label, as in {@link Spawn#label}; a server is labelled with its name or class
 * @param delay how probable it is that a turn comes late
 * @param delayAtMost how late
 * @param delayMessages how probable it is that a message is on its way for some time
 * @param messagesAtMost for how long
 */
public record Chaos(
        double kill,
        Predicate<String> mayBeKilled,
        double delay,
        Duration delayAtMost,
        double delayMessages,
        Duration messagesAtMost) {

    /** Nothing goes wrong. */
    public static final Chaos NONE = new Chaos(0, _ -> false, 0, Duration.ZERO, 0, Duration.ZERO);

    /** Checks the probabilities. */
    public Chaos {
        probability("kill", kill);
        probability("delay", delay);
        probability("delayMessages", delayMessages);
    }

    private static void probability(String name, double value) {
        if (value < 0 || value > 1 || Double.isNaN(value)) {
            throw new IllegalArgumentException(name + ": allowed is a probability from 0 to 1; got: " + value);
        }
    }

    /** Processes whose label {@code mayBeKilled} accepts are killed, each turn with that probability. */
    public Chaos kill(double probability, Predicate<String> mayBeKilled) {
        return new Chaos(probability, mayBeKilled, delay, delayAtMost, delayMessages, messagesAtMost);
    }

    /** Turns come late, each with that probability. */
    public Chaos delay(double probability, Duration atMost) {
        return new Chaos(kill, mayBeKilled, probability, atMost, delayMessages, messagesAtMost);
    }

    /** Messages are on their way for some time, each with that probability. */
    public Chaos delayMessages(double probability, Duration atMost) {
        return new Chaos(kill, mayBeKilled, delay, delayAtMost, probability, atMost);
    }
}
