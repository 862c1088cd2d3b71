package dev.martlet.otp;

/**
 * A password, key or token from the {@link Settings}. Its text, in logs and crash reports, is {@code ***}.
 *
 * @param value the secret itself
 */
@Sensitive
public record Secret(String value) {
    @Override
    public String toString() {
        return Redacted.HIDDEN;
    }
}
