package dev.martlet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Group.Vm;
import dev.martlet.bench.harness.Row;
import dev.martlet.bench.harness.Scale;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TableTest {
    private final Side erlang = new Named("Erlang");
    private final Side slow = new Named("Slow");
    private final Side martlet = new Named("Martlet");

    private static final class Named extends Side {
        private Named(String name) {
            super(name);
        }

        @Override
        String described() {
            return name();
        }

        @Override
        List<String> command(Vm vm, Scale scale, List<String> programs) {
            return List.of();
        }
    }

    private static Side.Measured measured(String row, Double... values) {
        return new Side.Measured(Map.of(row, List.of(values)), Set.of(), 0);
    }

    @Test
    void aRatioIsOfTheMediansOfAllRounds() {
        var table = new Table(List.of(erlang), martlet);
        table.round(erlang, "g", measured("r", 90.0, 100.0, 110.0));
        table.round(martlet, "g", measured("r", 1.0, 200.0, 9_000.0));
        table.round(martlet, "g", measured("r", 400.0, 400.0, 400.0));
        table.round(martlet, "g", measured("r", 600.0, 600.0, 600.0));
        table.add("g", List.of(Row.headline("r", "things/s")));

        assertThat(table.markdown())
                .contains("| r | things/s | 100 (90.0–110) | 400 (1.00–9000) | 4.00 | ≥ 3× | ok |")
                .contains("of 1 message and spawn rows: 4.00 (goal ≥ 6: short)")
                .contains("All goals are met.");
    }

    @Test
    void ofTwoPeersTheBetterOneCounts() {
        var table = new Table(List.of(slow, erlang), martlet);
        table.round(slow, "g", measured("cost", 50.0));
        table.round(erlang, "g", measured("cost", 10.0));
        table.round(martlet, "g", measured("cost", 20.0));
        table.add("g", List.of(Row.cost("cost", "µs").goal(new Goal.Times(1))));

        assertThat(table.markdown()).contains("| 0.50 | ≥ 1× | short |").contains("Short of their goal: 1.");
    }

    @Test
    void oneFailedRunFailsTheRow() {
        var table = new Table(List.of(erlang), martlet);
        table.round(erlang, "g", measured("r", 1.0));
        table.round(martlet, "g", measured("r", 100.0));
        table.round(martlet, "g", new Side.Measured(Map.of(), Set.of("r"), 1));
        table.add("g", List.of(Row.rate("r", "things/s")));

        assertThat(table.markdown()).contains("| failed | – | ≥ 1× | failed |").contains("Short of their goal: 1.");
    }

    @Test
    void aBoundCountsWithoutAPeer() {
        var table = new Table(List.of(), martlet);
        table.round(martlet, "g", measured("bytes", 250.0));
        table.round(martlet, "g", measured("rate", 7.0));
        table.add(
                "g", List.of(Row.cost("bytes", "bytes").goal(new Goal.AtMost(300)), Row.headline("rate", "things/s")));

        assertThat(table.markdown())
                .contains("| bytes | bytes | 250 | – | ≤ 300 | ok |")
                .contains("| rate | things/s | 7.00 | – | ≥ 3× |  |");
    }
}
