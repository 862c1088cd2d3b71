package dev.martlet.kernel;

/**
 * The identity of one process. It outlives the process: sending to a dead pid does nothing, monitoring one answers at
 * once with {@link ExitReason.NoProcess}.
 *
 * {@snippet :
 * Pid echo = Proc.spawn(() -> {
 *     while (true) {
 *         var ping = Proc.receive(Ping.class);
 *         Proc.send(ping.from(), new Pong());
 *     }
 * });
 * Proc.send(echo, new Ping(Proc.self()));
 * }
 *
 * <p>Pids are compared by identity; each process has exactly one. They print as on the BEAM: {@code #Pid<node.serial>}.
 */
public abstract sealed class Pid permits LocalProcess {
    Pid() {}

    /** The number of the node the process lives on, as given by {@link Node#number()}. */
    public abstract long node();

    /** A number that no other process of that node has or had. */
    public abstract long serial();

    /** Whether the process has not ended yet. Exits it was sent by the calling process count already. */
    public abstract boolean isAlive();

    @Override
    public final String toString() {
        return "#Pid<" + node() + "." + serial() + ">";
    }
}
