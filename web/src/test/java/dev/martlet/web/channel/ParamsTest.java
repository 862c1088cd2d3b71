package dev.martlet.web.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | {}",
                "a=1                       | {\"a\":\"1\"}",
                "a=1&                      | {\"a\":\"1\"}",
                "&&a=1&&b                  | {\"a\":\"1\",\"b\":\"\"}",
                "a=1&a=2                   | {\"a\":\"2\"}",
                "a[b]=1&a[c]=2             | {\"a\":{\"b\":\"1\",\"c\":\"2\"}}",
                "a[b][c]=1&vsn=2.0.0       | {\"a\":{\"b\":{\"c\":\"1\"}},\"vsn\":\"2.0.0\"}",
                "a[]=1&a[]=2               | {\"a\":[\"1\",\"2\"]}",
                "a%5Bb%5D=x%20y+z          | {\"a\":{\"b\":\"x y z\"}}",
                "a=1&a[b]=2                | {\"a\":{\"b\":\"2\"}}",
                "n=%C3%BC                  | {\"n\":\"ü\"}",
                "[b]=1                     | {\"[b]\":\"1\"}",
            })
    void aQueryStringBecomesAnObject(String query, String json) {
        assertThat(Params.parse(query)).hasToString(json);
    }

    @Test
    void whatIsNoUrlEncodingIsRefused() {
        assertThatThrownBy(() -> Params.parse("a=%zz")).isInstanceOf(BadPayload.class);
        assertThatThrownBy(() -> Params.parse("a" + "[b]".repeat(500) + "=1")).isInstanceOf(BadPayload.class);
    }
}
