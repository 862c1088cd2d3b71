package dev.martlet.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;

class DifferentialTest {
    private static final String MISSING =
            "the differential test needs a real Erlang VM, and there is no erl on the PATH: apt-get install erlang-base";

    @Test
    void randomProgramsDoTheSameOnErlangAndOnMartlet() {
        if (!Erlang.isInstalled()) {
            if ("true".equals(System.getenv("CI"))) {
                fail(MISSING);
            }
            abort(MISSING);
        }
        assertThat(Differential.run(1, 2_000)).isEmpty();
    }
}
