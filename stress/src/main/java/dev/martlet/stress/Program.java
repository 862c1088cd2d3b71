package dev.martlet.stress;

import java.util.List;

/**
 * A random program.
 *
 * @param seed what it was made from
 * @param steps executed one at a time; between two of them everything comes to rest
 */
record Program(long seed, List<Step> steps) {
    Program with(List<Step> steps) {
        return new Program(seed, List.copyOf(steps));
    }

    @Override
    public String toString() {
        var text = new StringBuilder("program ").append(seed).append('\n');
        steps.forEach(step -> text.append(step).append('\n'));
        return text.toString();
    }
}
