package dev.martlet.otp;

import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A registry in which a key has any number of processes: who is interested in this device, who listens to this topic.
 *
 * {@snippet :
 * DuplicateRegistry<String, Wall.Msg> walls = Registry.duplicate("walls");     // a child of the tree
 *
 * walls.register("hall", new Place(2));                                        // in each wall's init
 * int reached = walls.dispatch("hall", new Wall.Msg.Show("doors open"));
 * List<Registry.Entry<String>> upstairs = walls.select(e -> e.value() instanceof Place(int floor) && floor > 1);
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Lookups and {@link #dispatch} read concurrent maps and never wait. A process that has ended is never returned.
 *   <li>A process has a key once, with one value, and may have many keys.
 *   <li>If the registry itself should crash, its keys stay.
 * </ul>
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Registry.html">Registry</a>, kind {@code :duplicate}; there a
 * process may have a key several times.
 *
 * @param <K> the keys
 * @param <M> what is dispatched
 */
public final class DuplicateRegistry<K, M> implements Supervised {
    private final String name;
    private final RegistryPartitions partitions;
    private final RegistryListeners listeners;
    private final Groups<K, Object> groups = new Groups<>();
    private final Owned<K> owned = new Owned<>();

    DuplicateRegistry(String name, int partitions) {
        this.name = name;
        this.partitions = new RegistryPartitions(name, partitions);
        this.listeners = new RegistryListeners(name);
    }

    /** One of its own with that many processes that clean up; 1 unless said. */
    public DuplicateRegistry<K, M> partitions(int count) {
        return new DuplicateRegistry<>(name, count);
    }

    // ---- finding ---------------------------------------------------------------------------------------------

    /** The processes that have {@code key}, in no order. */
    public List<Pid> lookup(K key) {
        return groups.of(key).keySet().stream().filter(Pid::isAlive).toList();
    }

    /** The registrations of {@code key}, in no order. */
    public List<Entry<K>> entries(K key) {
        var found = new ArrayList<Entry<K>>();
        groups.of(key).forEach((pid, value) -> {
            if (pid.isAlive()) {
                found.add(new Entry<>(key, pid, value));
            }
        });
        return found;
    }

    /** The keys of a process. */
    public Set<K> keys(Pid pid) {
        return pid.isAlive() ? owned.of(pid) : Set.of();
    }

    /** How many processes have {@code key}. A moment after its end one may still count. */
    public int count(K key) {
        return groups.of(key).size();
    }

    /** How many registrations there are; adds up all keys. */
    public int size() {
        return groups.all().stream().mapToInt(e -> e.getValue().size()).sum();
    }

    /** The registrations that are {@code wanted}, of living processes, in no order; looks at all of them. */
    public List<Entry<K>> select(Predicate<? super Entry<K>> wanted) {
        return groups.keys().stream()
                .flatMap(key -> entries(key).stream())
                .filter(wanted)
                .toList();
    }

    /**
     * Sends {@code message} to all who have {@code key}. One whose mailbox is full does not get it, and is counted by the
     * kernel, so that it does not hold up the others.
     *
     * @return to how many it was sent
     */
    public int dispatch(K key, M message) {
        var reached = 0;
        for (var pid : groups.of(key).keySet()) {
            if (pid.isAlive() && Proc.offer(pid, message)) {
                reached++;
            }
        }
        return reached;
    }

    // ---- changing --------------------------------------------------------------------------------------------

    /** Registers the calling process. */
    public boolean register(K key) {
        return register(key, true);
    }

    /**
     * The same, with a value that others find beside the key; an immutable one.
     *
     * @return false if it has the key already; then its value stays
     */
    public boolean register(K key, Object value) {
        var self = Proc.self();
        var _ = partitions.of(self); // is it running?
        var fresh = new boolean[1];
        groups.change(key, self, now -> {
            if (now != null) {
                return now;
            }
            fresh[0] = true;
            listeners.registered(key, self, value);
            return value;
        });
        if (fresh[0]) {
            partitions.own(owned, key, () -> remove(key, self));
        }
        return fresh[0];
    }

    /**
     * Replaces the value of a key of the calling process. The function is to be quick.
     *
     * @return false if it does not have the key
     */
    public boolean updateValue(K key, UnaryOperator<Object> change) {
        var found = new boolean[1];
        groups.change(key, Proc.self(), now -> {
            found[0] = now != null;
            return now == null ? null : change.apply(now);
        });
        return found[0];
    }

    /** Gives up a key of the calling process. */
    public void unregister(K key) {
        var self = Proc.self();
        remove(key, self);
        owned.remove(self, key);
    }

    private void remove(K key, Pid pid) {
        groups.change(key, pid, now -> {
            if (now != null) {
                listeners.unregistered(key, pid);
            }
            return null;
        });
    }

    /** Sends the process a {@link RegistryEvent} for each change, as {@link Registry#listen}. */
    public void listen(Pid listener) {
        listeners.add(listener);
    }

    @Override
    public Child child() {
        return partitions.child(i -> new RegistryLoop(
                new Share(i), 1, () -> new IllegalStateException("a duplicate registry starts no servers")));
    }

    private final class Share implements RegistryLoop.Table {
        private final int index;

        Share(int index) {
            this.index = index;
        }

        @Override
        public Iterable<Pid> owners() {
            return partitions.share(index, owned.pids());
        }

        @Override
        public void forget(Pid pid) {
            owned.forget(pid).forEach(key -> remove(key, pid));
        }
    }

    @Override
    public String toString() {
        return "registry " + name;
    }
}
