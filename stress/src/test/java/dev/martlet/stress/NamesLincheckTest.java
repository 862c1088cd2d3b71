package dev.martlet.stress;

import dev.martlet.kernel.NameTaken;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Names of processes that are registered, freed, looked up, and whose processes are killed, by several threads. */
@Param(name = "name", gen = IntGen.class, conf = "0:1")
@Param(name = "process", gen = IntGen.class, conf = "0:2")
public class NamesLincheckTest {
    private static final AtomicLong INSTANCES = new AtomicLong();
    private static final Receiver IDLE = message -> {};

    private final String names = "names" + INSTANCES.getAndIncrement() + ".";
    private final Node node = Node.current();
    private final Pid[] processes =
            IntStream.range(0, 3).mapToObj(i -> node.spawn(Spawn.DEFAULT, IDLE)).toArray(Pid[]::new);

    /** Gives a name to a process. */
    @Operation
    public String register(@Param(name = "name") int name, @Param(name = "process") int process) {
        try {
            node.register(names + name, processes[process]);
            return "registered";
        } catch (NameTaken e) {
            return "taken";
        } catch (IllegalStateException e) {
            return "dead";
        }
    }

    /** Frees a name. */
    @Operation
    public boolean unregister(@Param(name = "name") int name) {
        return node.unregister(names + name);
    }

    /** Who has a name. */
    @Operation
    public String whereis(@Param(name = "name") int name) {
        var owner = node.whereis(names + name);
        return owner.map(pid -> "process "
                        + IntStream.range(0, 3)
                                .filter(i -> processes[i] == pid)
                                .findFirst()
                                .orElseThrow())
                .orElse("nobody");
    }

    /** Ends a process. */
    @Operation
    public void kill(@Param(name = "process") int process) {
        Proc.kill(processes[process]);
    }

    @Test
    void namesAreLinearizable() {
        new StressOptions()
                .sequentialSpecification(NamesSpec.class)
                .threads(2)
                .actorsPerThread(3)
                .iterations(30)
                .invocationsPerIteration(1_000)
                .check(NamesLincheckTest.class);
    }
}
