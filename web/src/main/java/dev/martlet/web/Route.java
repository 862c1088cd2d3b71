package dev.martlet.web;

/**
 * Something an {@link Endpoint} serves under a path: a socket of channels ({@code Channels.socket}), static files, a
 * small page.
 *
 * {@snippet :
 * Endpoint.http(4000,
 *     socket("/socket", User::connect, channel("room:*", new RoomChannel(rooms))),
 *     Route.files("/", Main.class, "/chat/pages"),
 *     Route.get("/health", request -> Response.json(Map.of("status", "ok"))))
 * }
 *
 * <p>An exact path wins over files, longer file prefixes over shorter ones. Paths begin with a slash. Two routes with
 * the same path are an error when the endpoint is made.
 */
public interface Route {
    /** Where it is served. */
    String path();

    /** Answers GET (and HEAD) of exactly that path. The handler runs in a process of its own and may block. */
    static Route get(String path, Handler handler) {
        return new Get(path, handler);
    }

    /**
     * Serves resources of the class path.
     *
     * <p>Only what lies under {@code prefix} is reachable. A path that ends with a slash serves {@code index.html} there.
     * Answers carry an {@code ETag}, so a browser that has the file gets 304. Files are kept in memory once they were
     * asked for. In a named module the package they lie in must be open, or its name no package name.
     *
     * @param path below which path of the server; {@code /} for all of it
     * @param anchor a class of the module that holds the resources
     * @param prefix the folder, as in {@link Class#getResourceAsStream}: {@code /chat/pages}
     */
    static Route files(String path, Class<?> anchor, String prefix) {
        return new Files(path, anchor, prefix);
    }

    /** Answers a request. */
    @FunctionalInterface
    interface Handler {
        /** Answers. What it throws is logged and answered with 500. */
        Response handle(Request request) throws Exception;
    }

    /**
     * See {@link Route#get}.
     *
     * @param path where
     * @param handler what answers
     */
    record Get(String path, Handler handler) implements Route {
        /** Checks the path. */
        public Get {
            check(path);
        }
    }

    /**
     * See {@link Route#files}.
     *
     * @param path below which path
     * @param anchor a class of the module that holds them
     * @param prefix the folder
     */
    record Files(String path, Class<?> anchor, String prefix) implements Route {
        /** Checks the paths. */
        public Files {
            check(path);
            check(prefix);
        }
    }

    private static void check(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash; got: " + path);
        }
    }
}
