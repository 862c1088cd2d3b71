package dev.martlet.otp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The same server, or supervisor, several times over, each with the part of the work that its key leads to: where one
 * process would be a bottleneck.
 *
 * {@snippet :
 * static final PartitionSupervisor<Ref<Stats.Msg>> STATS =
 *     PartitionSupervisor.servers("stats", 8, i -> new Stats());
 * static final PartitionSupervisor<DynamicSupervisor> GAMES =
 *     PartitionSupervisor.of("games", 8, i -> DynamicSupervisor.of("games " + i));
 *
 * Supervisor.of(ONE_FOR_ONE, child(STATS), child(GAMES));
 * STATS.partition(userId).cast(new Stats.Msg.Seen(userId));
 * GAMES.partition(gameId).start(new Game(gameId));
 * }
 *
 * <p>Equal keys lead to the same partition, as long as their number stays the same. Partitions are restarted
 * independently. After Elixir's <a
 * href="https://hexdocs.pm/elixir/PartitionSupervisor.html">PartitionSupervisor</a>.
 *
 * @param <P> what a key leads to
 */
public final class PartitionSupervisor<P> implements Supervised {
    private final String name;
    private final List<P> partitions;
    private final List<Child> children;

    private PartitionSupervisor(String name, List<P> partitions, List<Child> children) {
        if (partitions.isEmpty()) {
            throw new IllegalArgumentException("partitions: allowed is 1 or more of " + name + "; got: none");
        }
        this.name = name;
        this.partitions = List.copyOf(partitions);
        this.children = List.copyOf(children);
    }

    /** Servers, as many as there are processors. */
    public static <M> PartitionSupervisor<Ref<M>> servers(String name, IntFunction<? extends GenServer<M, ?>> server) {
        return servers(name, Runtime.getRuntime().availableProcessors(), server);
    }

    /** Handles, as many as there are processors. */
    public static <P extends Supervised> PartitionSupervisor<P> of(String name, IntFunction<? extends P> partition) {
        return of(name, Runtime.getRuntime().availableProcessors(), partition);
    }

    /** Servers, the i-th made by {@code server} and registered as {@code name#i}. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // the class in a named ref is for the reader only
    public static <M> PartitionSupervisor<Ref<M>> servers(
            String name, int count, IntFunction<? extends GenServer<M, ?>> server) {
        var refs = new ArrayList<Ref<M>>();
        var children = new ArrayList<Child>();
        for (var i = 0; i < count; i++) {
            var one = server.apply(i);
            Ref<M> ref = Ref.named(name + "#" + i, (Class) Protocol.of(one.getClass()));
            refs.add(ref);
            children.add(one.child().named(ref));
        }
        return new PartitionSupervisor<>(name, refs, children);
    }

    /** Whatever is a handle and can be supervised, above all {@link DynamicSupervisor}s. */
    public static <P extends Supervised> PartitionSupervisor<P> of(
            String name, int count, IntFunction<? extends P> partition) {
        var partitions = new ArrayList<P>();
        var children = new ArrayList<Child>();
        for (var i = 0; i < count; i++) {
            var one = partition.apply(i);
            partitions.add(one);
            children.add(one.child().id(name + "#" + i));
        }
        return new PartitionSupervisor<>(name, partitions, children);
    }

    /** Where that key belongs. */
    public P partition(Object key) {
        var hash = key.hashCode();
        // Spread: the low bits of many keys, longs above all, are poor.
        return partitions.get(Math.floorMod(hash ^ hash >>> 16, partitions.size()));
    }

    /** All of them. */
    public List<P> partitions() {
        return partitions;
    }

    @Override
    public Child child() {
        return Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, children.toArray(Child[]::new))
                .child()
                .id(name);
    }
}
