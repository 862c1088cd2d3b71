package dev.martlet.stress;

import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Caller;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.Child;
import dev.martlet.otp.Registry;
import dev.martlet.otp.Supervisor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Processes that register themselves, give up keys, and end, as several threads ask them to. */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "process", gen = IntGen.class, conf = "0:2")
public class RegistryLincheckTest {
    /** One for all instances, which do not share keys: starting it costs more than a test. */
    private static final Registry<String, Object> REGISTRY = started();

    private static final AtomicLong INSTANCES = new AtomicLong();

    private final String keys = "keys" + INSTANCES.getAndIncrement() + ".";
    private final Pid[] processes = IntStream.range(0, 3)
            .mapToObj(i -> Node.current().spawn(Spawn.DEFAULT, new Doer()))
            .toArray(Pid[]::new);

    private static Registry<String, Object> started() {
        var registry = Registry.<String, Object>unique("lincheck");
        Supervisor.of(ONE_FOR_ONE, Child.child(registry)).start();
        return registry;
    }

    private static final class Doer implements Receiver {
        @Override
        public void receive(Object message) {}

        @Override
        public void request(Object message, Caller caller) {
            caller.reply(((Supplier<?>) message).get());
        }
    }

    private String in(int process, Supplier<String> action) {
        try {
            return (String) Proc.call(processes[process], action, Duration.ofSeconds(10));
        } catch (CallFailed.Exited e) {
            return "dead";
        }
    }

    /** A process registers itself. */
    @Operation
    public String register(@Param(name = "key") int key, @Param(name = "process") int process) {
        return in(process, () -> REGISTRY.register(keys + key) ? "registered" : "taken");
    }

    /** A process gives up a key. */
    @Operation
    public String unregister(@Param(name = "key") int key, @Param(name = "process") int process) {
        return in(process, () -> {
            REGISTRY.unregister(keys + key);
            return "done";
        });
    }

    /** Who has a key. */
    @Operation
    public String whereis(@Param(name = "key") int key) {
        return REGISTRY.whereis(keys + key)
                .map(pid -> "process "
                        + IntStream.range(0, 3)
                                .filter(i -> processes[i] == pid)
                                .findFirst()
                                .orElseThrow())
                .orElse("nobody");
    }

    /** A process ends itself. */
    @Operation
    public String exit(@Param(name = "process") int process) {
        return in(process, () -> {
            throw Proc.exit(ExitReason.NORMAL);
        });
    }

    @Test
    void registeredKeysAreLinearizable() {
        new StressOptions()
                .sequentialSpecification(RegistrySpec.class)
                .threads(2)
                .actorsPerThread(4)
                .iterations(20)
                .invocationsPerIteration(500)
                .check(RegistryLincheckTest.class);
    }
}
