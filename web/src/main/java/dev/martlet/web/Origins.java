package dev.martlet.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose pages may open a socket. Browsers name the page's origin in the handshake and let any page connect anywhere;
 * this check is what keeps a foreign page from using your visitor's cookies. Clients that are no browsers send no
 * {@code Origin}, and pass.
 *
 * {@snippet :
 * socket("/socket", User::connect, channels).origins(Origins.of("https://example.com", "//*.example.org"))
 * }
 *
 * <p>Hosts are compared without regard to case. An origin that is no {@code scheme://host[:port]}, such as {@code null}
 * of a sandboxed frame, passes {@link #any} only.
 */
public sealed interface Origins {
    /** Whether a page of {@code origin} may connect to a server it knows as {@code host}, the {@code Host} header. */
    boolean allows(String origin, String host);

    /** The host of the page is the host it connects to; scheme and port may differ. The default. */
    static Origins sameHost() {
        return new SameHost();
    }

    /** Every page of the world. */
    static Origins any() {
        return new Any();
    }

    /**
     * The pages of a list.
     *
     * @param allowed {@code scheme://host}, {@code scheme://host:port}, {@code //host}, {@code //host:port} or {@code
     *     //*.host}, which is the host itself and all below it. A missing scheme or port stands for any
     */
    static Origins of(String... allowed) {
        return new Listed(List.of(allowed).stream().map(Pattern::parse).toList());
    }

    /** See {@link #sameHost}. */
    record SameHost() implements Origins {
        @Override
        public boolean allows(String origin, String host) {
            return parse(origin)
                    .flatMap(o -> parse("http://" + host).map(h -> o.host.equals(h.host)))
                    .orElse(false);
        }
    }

    /** See {@link #any}. */
    record Any() implements Origins {
        @Override
        public boolean allows(String origin, String host) {
            return true;
        }
    }

    /**
     * See {@link #of}.
     *
     * @param allowed what is allowed
     */
    record Listed(List<Pattern> allowed) implements Origins {
        @Override
        public boolean allows(String origin, String host) {
            return parse(origin)
                    .map(o -> allowed.stream().anyMatch(p -> p.matches(o)))
                    .orElse(false);
        }
    }

    /**
     * One entry of {@link #of}.
     *
     * @param scheme empty for any
     * @param host without the {@code *.}
     * @param port -1 for any
     * @param below whether hosts below {@code host} match too
     */
    record Pattern(String scheme, String host, int port, boolean below) {
        private static Pattern parse(String text) {
            var schemed = text.startsWith("//") ? "any:" + text : text;
            var below = schemed.contains("//*.");
            var origin = Origins.parse(schemed.replace("//*.", "//"))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "an origin is scheme://host[:port], //host[:port] or" + " //*.host; got: " + text));
            return new Pattern(
                    text.startsWith("//") ? "" : origin.scheme,
                    origin.host,
                    origin.explicitPort ? origin.port : -1,
                    below);
        }

        private boolean matches(Origin origin) {
            return (scheme.isEmpty() || scheme.equals(origin.scheme))
                    && (port == -1 || port == origin.port)
                    && (host.equals(origin.host) || below && origin.host.endsWith("." + host));
        }
    }

    /**
     * An origin, taken apart.
     *
     * @param scheme in lower case
     * @param host in lower case
     * @param port the scheme's own if none was given
     * @param explicitPort whether one was given
     */
    record Origin(String scheme, String host, int port, boolean explicitPort) {}

    private static Optional<Origin> parse(String text) {
        try {
            var uri = URI.create(text);
            if (uri.getHost() == null
                    || uri.getScheme() == null
                    || uri.getRawUserInfo() != null
                    || !uri.getRawPath().isEmpty()
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            var port = uri.getPort() != -1 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
            return Optional.of(new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port, uri.getPort() != -1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
