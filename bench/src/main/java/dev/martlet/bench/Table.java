package dev.martlet.bench;

import dev.martlet.bench.harness.Goal;
import dev.martlet.bench.harness.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What was measured, and how it prints. */
final class Table {
    private final List<Side> peers;
    private final Side ours;
    private final Map<String, Cell> cells = new HashMap<>();
    private final List<List<String>> lines = new ArrayList<>();
    private final List<Double> headline = new ArrayList<>();
    private int shortOfGoal;

    Table(List<Side> peers, Side ours) {
        this.peers = peers;
        this.ours = ours;
        var header = new ArrayList<>(List.of("row", "unit"));
        peers.forEach(peer -> header.add(peer.name()));
        header.addAll(List.of(ours.name(), "ratio", "goal", ""));
        lines.add(header);
    }

    List<Side> peers() {
        return peers;
    }

    Side ours() {
        return ours;
    }

    boolean isEmpty() {
        return lines.size() == 1;
    }

    /** Adds what one VM gave. A group has its own figures of a peer, measured in turn with it. */
    void round(Side side, String group, Map<String, List<Double>> values) {
        values.forEach((row, runs) -> cells.computeIfAbsent(key(side, row), _ -> new Cell())
                .add(group, runs));
    }

    private static String key(Side side, String row) {
        return side.name() + "/" + row;
    }

    /** Adds the lines of rows that have been measured. */
    void add(List<Row> rows) {
        for (var row : rows) {
            var line = new ArrayList<>(List.of(row.name(), row.unit()));
            var best = OptionalDouble.empty();
            for (var peer : peers) {
                var cell = cells.getOrDefault(key(peer, row.versus()), new Cell());
                line.add(cell.text());
                var median = cell.median();
                if (median.isPresent() && (best.isEmpty() || row.ratio(median.getAsDouble(), best.getAsDouble()) > 1)) {
                    best = median;
                }
            }
            var cell = cells.getOrDefault(key(ours, row.name()), new Cell());
            line.add(cell.text());
            line.addAll(verdict(row, cell.median(), best));
            lines.add(line);
        }
    }

    private List<String> verdict(Row row, OptionalDouble mine, OptionalDouble best) {
        var goal = Goal.text(row.goal());
        if (mine.isEmpty()) {
            shortOfGoal++;
            return List.of("–", goal, "failed");
        }
        var value = mine.getAsDouble();
        var ratio = best.isPresent() ? row.ratio(value, best.getAsDouble()) : Double.NaN;
        if (row.headline() && !Double.isNaN(ratio)) {
            headline.add(ratio);
        }
        var met = Goal.met(row.goal(), value, ratio);
        if (!met) {
            shortOfGoal++;
        }
        var text = Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
        return List.of(text, goal, row.goal() == Goal.NONE ? "" : met ? "ok" : "short");
    }

    private String summary() {
        var text = new StringBuilder();
        if (!headline.isEmpty()) {
            var mean = Math.exp(headline.stream().mapToDouble(Math::log).average().orElseThrow());
            text.append(String.format(
                    Locale.ROOT,
                    "Geometric mean of the ratios of %d message and spawn rows: %.2f",
                    headline.size(),
                    mean));
            text.append(peers.size() == 1 ? " (goal ≥ 6: " + (mean >= 6 ? "ok" : "short") + ").\n" : ".\n");
        }
        return text.append(shortOfGoal == 0 ? "All goals are met." : shortOfGoal + " rows fall short.")
                .append('\n')
                .toString();
    }

    /** For a terminal. */
    String plain() {
        var widths = new int[lines.getFirst().size()];
        for (var line : lines) {
            for (var i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (var line : lines) {
            for (var i = 0; i < widths.length; i++) {
                text.append(line.get(i)).repeat(' ', widths[i] - line.get(i).length() + 2);
            }
            text.append('\n');
        }
        return text.append('\n').append(summary()).toString();
    }

    /** For a page. */
    String markdown() {
        var rows = lines.stream().map(line -> "| " + String.join(" | ", line) + " |").collect(Collectors.toList());
        rows.add(1, "|---".repeat(lines.getFirst().size()) + "|");
        return String.join("\n", rows) + "\n\n" + summary();
    }
}
