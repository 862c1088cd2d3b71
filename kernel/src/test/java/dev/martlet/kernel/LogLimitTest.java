package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LogLimitTest {
    @Test
    void admitsSoManyAndSaysOnceHowManyItDidNot() {
        var limit = new LogLimit(3, Duration.ofMillis(200));
        var admitted = IntStream.range(0, 1_003).filter(i -> limit.admits()).count();
        assertThat(admitted).isBetween(3L, 6L); // the loop may have straddled two periods
        Awaitility.await().until(limit::admits);
        assertThat(limit.omitted()).matches(" \\([\\d,]+ lines like this were left out before it\\)");
        assertThat(limit.omitted()).isEmpty();
    }

    @Test
    void refusesWhatMeansNothing() {
        assertThatThrownBy(() -> new LogLimit(0, Duration.ofSeconds(1))).hasMessageContaining("got: 0");
        assertThatThrownBy(() -> new LogLimit(1, Duration.ZERO)).hasMessageContaining("got: 1 and PT0S");
    }
}
