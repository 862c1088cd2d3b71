package dev.martlet.cli;

import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The way in: picks the subcommand, and turns what it throws into one line and an exit code. */
@Command(
        name = "martlet",
        description = "Always-on real-time applications in plain Java.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = Demo.class)
final class Main {
    private Main() {}

    static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler(Main::failed);
    }

    /** Asks the jar, where Maven wrote it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"martlet " + (version == null ? "(not run from its jar)" : version)};
        }
    }

    private static int failed(Exception failure, CommandLine command, ParseResult arguments) {
        LoggerFactory.getLogger(Main.class).debug("Failed", failure);
        command.getErr().println(failure instanceof CannotStart reason ? reason.getMessage() : failure);
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
