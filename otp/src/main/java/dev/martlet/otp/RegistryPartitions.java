package dev.martlet.otp;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.ProcessExit;
import dev.martlet.kernel.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The processes behind a registry, one or several, each with its share of the owners. */
final class RegistryPartitions {
    private final String name;
    private final List<Keeper> keepers;

    RegistryPartitions(String name, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("partitions: allowed is 1 or more; got: " + count);
        }
        this.name = name;
        var all = new ArrayList<Keeper>();
        for (var i = 0; i < count; i++) {
            all.add(new Keeper("the registry " + name));
        }
        this.keepers = List.copyOf(all);
    }

    private int index(Object of) {
        var hash = of.hashCode();
        return Math.floorMod(hash ^ hash >>> 16, keepers.size());
    }

    int size() {
        return keepers.size();
    }

    /** Who serves that key, or watches that pid. */
    Pid of(Object keyOrPid) {
        return keepers.get(index(keyOrPid)).pid();
    }

    /**
     * Remembers that the calling process has that key, and has it watched.
     *
     * @param undo if it turns out to be dead already
     */
    <K> void own(Owned<K> owned, K key, Runnable undo) {
        var self = Proc.self();
        if (owned.add(self, key)) {
            try {
                Proc.sendPriority(of(self), new RegistryLoop.Watch(self));
            } catch (ProcessExit | IllegalStateException e) {
                undo.run();
                owned.forget(self);
                throw e;
            }
        }
    }

    /** Those of the owners that the i-th of them watches. */
    Iterable<Pid> share(int i, Iterable<Pid> owners) {
        var mine = new ArrayList<Pid>();
        for (var pid : owners) {
            if (index(pid) == i) {
                mine.add(pid);
            }
        }
        return mine;
    }

    Child child(IntFunction<? extends Receiver> loop) {
        var children = new ArrayList<Child>();
        for (var i = 0; i < keepers.size(); i++) {
            var index = i;
            var keeper = keepers.get(i);
            children.add(Child.of(
                            keepers.size() == 1 ? "Registry " + name : "Registry " + name + "#" + i,
                            spawn -> keeper.start(() -> Node.current().spawn(spawn, loop.apply(index))))
                    .shutdown(Duration.ofSeconds(10)));
        }
        return children.size() == 1
                ? children.getFirst()
                : Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, children.toArray(Child[]::new))
                        .child()
                        .id("Registry " + name);
    }
}
