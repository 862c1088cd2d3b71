package dev.martlet.bench.rows;

import dev.martlet.bench.harness.Group;
import dev.martlet.bench.harness.Program;
import dev.martlet.bench.harness.Runner;
import java.util.List;

/** All rows; and the main class of the VMs that measure them. */
public final class Rows {
    private Rows() {}

    /** The groups, in the order of the table. */
    public static List<Group> groups() {
        return List.of(
                Spawns.group(),
                PingPong.group(),
                Calls.group(),
                Replies.group(),
                FanIn.group(),
                FanOut.group(),
                Rings.group(),
                Timers.group(),
                Signals.group(),
                Supervisors.group(),
                Registries.group(),
                Dispatch.group(),
                Selective.group(),
                Memory.group(),
                Memory.wideHeaders(),
                Fairness.own(),
                Fairness.library(),
                Fairness.high(),
                Shares.shares(),
                Shares.newcomers(),
                Storms.group());
    }

    /** All programs of all groups. */
    public static List<Program> programs() {
        return groups().stream().flatMap(group -> group.programs().stream()).toList();
    }

    /** Measures in this VM; see {@link Runner}. */
    public static void main(String... args) throws Exception {
        Runner.main(programs(), args);
    }
}
