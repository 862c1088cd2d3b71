package dev.martlet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
    @ParameterizedTest
    @CsvSource({
        "https://example.com, example.com, true",
        "http://Example.COM:8080, example.com:4000, true",
        "https://example.com.evil.tld, example.com, false",
        "https://evilexample.com, example.com, false",
        "https://example.com@evil.tld, example.com, false",
        "null, example.com, false",
        "https://example.com/path, example.com, false",
        "not an origin, example.com, false",
        "http://[::1]:3000, '[::1]:4000', true",
    })
    void sameHost(String origin, String host, boolean allowed) {
        assertThat(Origins.sameHost().allows(origin, host)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.com, true",
        "https://a.com:443, true",
        "http://a.com, false",
        "https://a.com:444, false",
        "http://b.com, true",
        "https://b.com:8443, true",
        "https://c.com:8443, true",
        "https://c.com, false",
        "https://d.com, true",
        "https://x.y.d.com, true",
        "https://d.com.evil.tld, false",
        "https://xd.com, false",
        "null, false",
    })
    void listed(String origin, boolean allowed) {
        var origins = Origins.of("https://a.com:443", "//b.com", "//c.com:8443", "//*.d.com");
        assertThat(origins.allows(origin, "a.com")).isEqualTo(allowed);
    }

    @Test
    void nonsenseIsRefusedWhenItIsDeclared() {
        assertThatThrownBy(() -> Origins.of("example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example.com");
        assertThat(Origins.any().allows("null", "a.com")).isTrue();
    }
}
