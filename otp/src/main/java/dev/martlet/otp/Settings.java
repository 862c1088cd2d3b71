package dev.martlet.otp;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The configuration, read once at start into a type of the program's own. What is missing or wrong is told all at once.
 *
 * {@snippet :
 * record Chat(int port, Duration idle, Secret token) {
 *     static Chat of(Settings s) {
 *         return new Chat(s.integer("chat.port", 0, 65_535), s.duration("chat.idle"), s.secret("chat.token"));
 *     }
 * }
 * var chat = Settings.load(Chat::of);      // CHAT_TOKEN=… in the environment, the others in application.conf
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>A key is looked for, in this order, in the environment (the variable {@code CHAT_PORT} for {@code chat.port}; only
 *       a key with a dot), the system properties, {@code application.conf} on the class path or the file that
 *       {@code -Dconfig.file} names, and the {@code reference.conf} of libraries. The files are
 *       <a href="https://github.com/lightbend/config/blob/main/HOCON.md">HOCON</a>.
 *   <li>A key that is missing or wrong is noted and a stand-in is returned (0, an empty text), so that the others are
 *       read too; then {@link #load} throws one {@link SettingsInvalid}. So the function given to it only makes values.
 *   <li>An optional key may be missing, but if it is there it must be right.
 *   <li>The value of a {@link #secret} is in no message.
 * </ul>
 */
public final class Settings {
    private static final String DURATION = "a time with its unit, as 500 ms, 5 s or 2 minutes";
    private static final String BYTES = "a size in bytes, as 512, 64 KiB or 10 MB";
    private static final String SECRET = "a secret, a text that is not empty";
    private static final String SOURCES = "application.conf (or the file of -Dconfig.file)";

    private final Config config;
    private final Map<String, String> environment;
    private final String sources;
    private final List<String> problems = new ArrayList<>();

    private Settings(Config config, Map<String, String> environment, String sources) {
        this.config = config;
        this.environment = environment;
        this.sources = sources;
    }

    /**
     * Reads the configuration of this program.
     *
     * @throws SettingsInvalid if a key that the function asks for is missing or wrong, or a file cannot be read
     */
    public static <T> T load(Function<Settings, T> view) {
        return read(
                () -> {
                    ConfigFactory.invalidateCaches();
                    return ConfigFactory.load();
                },
                System.getenv(),
                SOURCES,
                view);
    }

    /** As {@link #load}, from this HOCON text and this environment alone: for tests. */
    public static <T> T parse(String hocon, Map<String, String> environment, Function<Settings, T> view) {
        return read(() -> ConfigFactory.parseString(hocon).resolve(), environment, "the text given", view);
    }

    private static <T> T read(
            Supplier<Config> source, Map<String, String> environment, String sources, Function<Settings, T> view) {
        var settings = new Settings(files(source), environment, sources);
        T result;
        try {
            result = view.apply(settings);
        } catch (RuntimeException e) {
            if (settings.problems.isEmpty()) {
                throw e;
            }
            // It stumbled over a stand-in, most likely. Its text could hold a secret, so it is not carried along.
            throw new SettingsInvalid(settings.problems);
        }
        if (!settings.problems.isEmpty()) {
            throw new SettingsInvalid(settings.problems);
        }
        return result;
    }

    private static Config files(Supplier<Config> source) {
        try {
            return source.get();
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw new SettingsInvalid(List.of(String.valueOf(e.getMessage())));
        } catch (ConfigException e) {
            // A parser's message quotes what it stumbled over, and that may be a secret: only the place is told.
            var at = e.origin() == null ? "a configuration file" : e.origin().description();
            throw new SettingsInvalid(List.of(at + ": cannot be read as HOCON ("
                    + e.getClass().getSimpleName() + "); the text there is not shown, it may be a secret"));
        }
    }

    /** A text; a number or a boolean is taken as it is written. */
    public String string(String key) {
        return required(key, "a text", false, Config::getString, "");
    }

    /** As {@link #string}, empty if the key is missing. */
    public Optional<String> optionalString(String key) {
        return optional(key, "a text", false, Config::getString);
    }

    /** A whole number of 32 bits. */
    public int integer(String key) {
        return integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public int integer(String key, int min, int max) {
        return required(key, range(min, max), false, (c, k) -> whole(c, k, min, max), 0);
    }

    /** As {@link #integer(String)}, empty if the key is missing. */
    public Optional<Integer> optionalInteger(String key) {
        return optionalInteger(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** As {@link #integer(String, int, int)}, empty if the key is missing. */
    public Optional<Integer> optionalInteger(String key, int min, int max) {
        return optional(key, range(min, max), false, (c, k) -> whole(c, k, min, max));
    }

    /** A time with its unit, as {@code 500 ms}, {@code 5 s}, {@code 2 minutes}; not negative. */
    public Duration duration(String key) {
        return required(key, DURATION, false, Settings::time, Duration.ZERO);
    }

    /** As {@link #duration}, empty if the key is missing. */
    public Optional<Duration> optionalDuration(String key) {
        return optional(key, DURATION, false, Settings::time);
    }

    /** A size in bytes, as {@code 512}, {@code 64 KiB}, {@code 10 MB}; not negative. */
    public long bytes(String key) {
        return required(key, BYTES, false, Settings::size, 0L);
    }

    /** As {@link #bytes}, empty if the key is missing. */
    public Optional<Long> optionalBytes(String key) {
        return optional(key, BYTES, false, Settings::size);
    }

    /** A text that is not empty and is never shown. */
    public Secret secret(String key) {
        return required(key, SECRET, true, Settings::hidden, new Secret(""));
    }

    /** As {@link #secret}, empty if the key is missing. */
    public Optional<Secret> optionalSecret(String key) {
        return optional(key, SECRET, true, Settings::hidden);
    }

    private static String range(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    /** Thrown by a reader: the value is of the right kind but not allowed. */
    private static final class NotAllowed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private interface Reader<T> {
        T read(Config config, String key);
    }

    private static int whole(Config config, String key, int min, int max) {
        var number = Integer.parseInt(config.getString(key).strip());
        return check(number, number >= min && number <= max);
    }

    private static Duration time(Config config, String key) {
        var unit = config.getString(key).chars().anyMatch(Character::isLetter);
        var time = config.getDuration(key);
        return check(time, unit && !time.isNegative());
    }

    private static long size(Config config, String key) {
        var size = config.getBytes(key);
        return check(size, size >= 0);
    }

    private static Secret hidden(Config config, String key) {
        var text = config.getString(key);
        return check(new Secret(text), !text.isEmpty());
    }

    private static <T> T check(T value, boolean allowed) {
        if (!allowed) {
            throw new NotAllowed();
        }
        return value;
    }

    private <T> T required(String key, String expected, boolean secret, Reader<T> reader, T standIn) {
        var known = problems.size();
        var found = optional(key, expected, secret, reader);
        if (found.isEmpty() && problems.size() == known) {
            problems.add(key + " is missing: expected " + expected + "; looked for in " + places(key));
        }
        return found.orElse(standIn);
    }

    private <T> Optional<T> optional(String key, String expected, boolean secret, Reader<T> reader) {
        var layered = layered(key);
        if (!layered.hasPath(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(layered, key));
        } catch (ConfigException | NumberFormatException | NotAllowed e) {
            var value = layered.getValue(key);
            problems.add(key + " is wrong: expected " + expected + "; got "
                    + (secret ? "something else (not shown)" : value.render()) + " from "
                    + value.origin().description());
            return Optional.empty();
        }
    }

    private Config layered(String key) {
        var text = key.contains(".") ? environment.get(variable(key)) : null;
        return text == null
                ? config
                : config.withValue(key, ConfigValueFactory.fromAnyRef(text, "environment variable " + variable(key)));
    }

    private String places(String key) {
        var files = sources.equals(SOURCES) ? "system property " + key + ", " + sources : sources;
        return key.contains(".") ? "environment variable " + variable(key) + ", " + files : files;
    }

    private static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
