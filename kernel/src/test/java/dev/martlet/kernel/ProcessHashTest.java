package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessHashTest {
    private static final int BUCKETS = 1 << 16;

    /** Slots of one stripe that are so far apart, as many as a map of that size holds. */
    private static long buckets(int stride) {
        return LongStream.range(0, BUCKETS * 3L / 4)
                .map(i -> i * stride % ProcessTable.CAPACITY << 4)
                .mapToInt(ProcessTable::hash)
                .map(h -> (h ^ h >>> 16) & BUCKETS - 1)
                .distinct()
                .count();
    }

    @Test
    void neighboursStayNeighbours() {
        for (var slot = 1L; slot < 1_000; slot++) {
            var step = ProcessTable.hash(slot << 4) - ProcessTable.hash(slot - 1 << 4);
            assertThat(step).isBetween(1, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 64, 256})
    void thoseApartAreSpread(int stride) {
        assertThat(buckets(stride)).isGreaterThan(BUCKETS / 8);
    }

    @Test
    void generationsAndStripesDiffer() {
        var hashes = LongStream.range(0, 1_000)
                .flatMap(generation -> LongStream.range(0, 16).map(stripe -> generation << 28 | 5 << 4 | stripe))
                .mapToInt(ProcessTable::hash)
                .distinct()
                .count();
        assertThat(hashes).isEqualTo(16_000);
    }
}
