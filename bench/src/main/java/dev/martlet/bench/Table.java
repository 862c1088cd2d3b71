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
    void round(Side side, String group, Side.Measured measured) {
        measured.values().forEach((row, runs) -> kept(side, group, row).add(runs));
        measured.failed().forEach(row -> kept(side, group, row).fail());
    }

    private Cell kept(Side side, String group, String row) {
        return cells.computeIfAbsent(key(side, group, row), _ -> new Cell());
    }

    private Cell cell(Side side, String group, String row) {
        return cells.getOrDefault(key(side, group, row), new Cell());
    }

    private static String key(Side side, String group, String row) {
        return String.join("/", side.name(), group, row);
    }

    /** Adds the lines of rows of a group that have been measured. */
    void add(String group, List<Row> rows) {
        for (var row : rows) {
            var line = new ArrayList<>(List.of(row.name(), row.unit()));
            var best = OptionalDouble.empty();
            for (var peer : peers) {
                var cell = cell(peer, group, row.versus());
                line.add(cell.text());
                var median = cell.median();
                if (median.isPresent() && (best.isEmpty() || row.ratio(median.getAsDouble(), best.getAsDouble()) > 1)) {
                    best = median;
                }
            }
            var mine = cell(ours, group, row.name());
            line.add(mine.text());
            line.addAll(verdict(row, mine.median(), best));
            lines.add(line);
        }
    }

    private List<String> verdict(Row row, OptionalDouble mine, OptionalDouble best) {
        var goal = Goal.text(row.goal());
        if (mine.isEmpty()) {
            shortOfGoal++;
            return List.of("–", goal, "failed");
        }
        if (best.isEmpty()) {
            return List.of("–", goal, row.goal() instanceof Goal.Times ? "" : word(row, mine.getAsDouble(), 0));
        }
        var ratio = row.ratio(mine.getAsDouble(), best.getAsDouble());
        if (row.headline()) {
            headline.add(ratio);
        }
        var text = String.format(Locale.ROOT, ratio < 10 ? "%.2f" : ratio < 100 ? "%.1f" : "%.0f", ratio);
        return List.of(text, goal, word(row, mine.getAsDouble(), ratio));
    }

    private String word(Row row, double value, double ratio) {
        if (row.goal() == Goal.NONE) {
            return "";
        }
        if (Goal.met(row.goal(), value, ratio)) {
            return "ok";
        }
        shortOfGoal++;
        return "short";
    }

    private String summary() {
        var text = new StringBuilder();
        if (!headline.isEmpty()) {
            var mean =
                    Math.exp(headline.stream().mapToDouble(Math::log).average().orElseThrow());
            text.append(String.format(
                    Locale.ROOT,
                    "Geometric mean of the ratios of %d message and spawn rows: %.2f",
                    headline.size(),
                    mean));
            text.append(peers.size() == 1 ? " (goal ≥ 6: " + (mean >= 6 ? "ok" : "short") + ").\n" : ".\n");
        }
        if (peers.isEmpty()) {
            return "";
        }
        return text.append(shortOfGoal == 0 ? "All goals are met." : "Short of their goal: " + shortOfGoal + ".")
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
        var rows = lines.stream()
                .map(line -> "| " + String.join(" | ", line) + " |")
                .collect(Collectors.toList());
        rows.add(1, "|---".repeat(lines.getFirst().size()) + "|");
        return String.join("\n", rows) + "\n\n" + summary();
    }
}
