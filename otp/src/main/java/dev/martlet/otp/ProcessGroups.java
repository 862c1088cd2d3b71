package dev.martlet.otp;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Named groups of processes: join, leave, ask who is in, be told of changes. A group exists as long as it has members.
 *
 * {@snippet :
 * static final ProcessGroups<String> POOLS = ProcessGroups.of("pools");     // a scope; a child of the tree
 *
 * POOLS.join("encoders", encoder.pid().orElseThrow());
 * for (Pid each : POOLS.members("encoders")) {
 *     Proc.send(each, new Stop());
 * }
 * List<Pid> now = POOLS.monitor("encoders");      // and from now on Joined and Left come as messages
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Any process may be made a member by any other. It may join several times, then counts as often in {@link
 *       #members}, and has to leave as often; when it ends it leaves for good.
 *   <li>Reading never waits. A process that has ended is never returned.
 *   <li>Changes of one scope go through its process, one after the other; all that monitor see them in the same order.
 *   <li>If the scope's process should crash, its groups stay, and monitors have to be asked for anew.
 * </ul>
 *
 * <p>Scope and groups are local to one node. After Erlang's <a
 * href="https://www.erlang.org/doc/apps/kernel/pg.html">pg</a>.
 *
 * @param <G> the groups' names
 */
public final class ProcessGroups<G> implements Supervised {
    /**
     * Processes have joined a group that the receiver {@linkplain #monitor monitors}.
     *
     * @param scope the name of the scope
     * @param group which group
     * @param members who, as often as they joined
     */
    public record Joined(String scope, Object group, List<Pid> members) {}

    /**
     * Processes have left a group that the receiver {@linkplain #monitor monitors}, or have ended.
     *
     * @param scope the name of the scope
     * @param group which group
     * @param members who, as often as they left
     */
    public record Left(String scope, Object group, List<Pid> members) {}

    private final String scope;
    private final Groups<G, Integer> groups = new Groups<>();
    private final Owned<G> owned = new Owned<>();
    private final Keeper keeper;

    private ProcessGroups(String scope) {
        this.scope = scope;
        this.keeper = new Keeper("the scope " + scope);
    }

    /** A scope. Nothing runs before it is started as a child. */
    public static <G> ProcessGroups<G> of(String scope) {
        return new ProcessGroups<>(scope);
    }

    /** Makes these processes members; a pid may be given several times. Returns when they are. */
    public void join(G group, Pid... pids) {
        ask(new GroupsLoop.Join<>(group, List.of(pids)));
    }

    /**
     * Takes each of these out once. Whether any was a member.
     */
    public boolean leave(G group, Pid... pids) {
        return (Boolean) ask(new GroupsLoop.Leave<>(group, List.copyOf(Arrays.asList(pids))));
    }

    /** The members, as often as they joined, in no order. */
    public List<Pid> members(G group) {
        return GroupsLoop.members(groups, group);
    }

    /** The groups that have members. */
    public Set<G> groups() {
        return Set.copyOf(groups.keys());
    }

    /** The groups a process is in. */
    public Set<G> groupsOf(Pid pid) {
        return pid.isAlive() ? owned.of(pid) : Set.of();
    }

    /**
     * Sends the calling process {@link Joined} and {@link Left} for that group from now on.
     *
     * @return the members at this moment; what changes after it is told
     */
    @SuppressWarnings("unchecked") // what Monitor is answered with
    public List<Pid> monitor(G group) {
        return (List<Pid>) ask(new GroupsLoop.Monitor<>(group, Proc.self()));
    }

    /** Ends {@link #monitor}. What was on its way may still come. */
    public void demonitor(G group) {
        ask(new GroupsLoop.Demonitor<>(group, Proc.self()));
    }

    private Object ask(Object request) {
        return Proc.call(keeper.pid(), request, SupervisorRef.FOR_EVER);
    }

    /** Its process. */
    public Pid pid() {
        return keeper.pid();
    }

    @Override
    public Child child() {
        return Child.of(
                "ProcessGroups " + scope,
                spawn -> keeper.start(() -> Node.current().spawn(spawn, new GroupsLoop<>(scope, groups, owned))));
    }

    @Override
    public String toString() {
        return "process groups " + scope;
    }
}
