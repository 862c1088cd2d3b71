package dev.martlet.cli;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.otp.Application;
import dev.martlet.otp.StartFailed;
import dev.martlet.showcase.Showcase;
import dev.martlet.web.WebEvent;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code martlet demo}: the showcase, until Ctrl-C or SIGTERM. */
@Command(name = "demo", description = "Start the showcase; Ctrl-C stops it.")
final class Demo implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private int port;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4000",
            description = "The TCP port it listens on, ${DEFAULT-VALUE} unless given; 0 takes any free one.")
    void port(int port) {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port is a number from 0 to 65535; got: " + port);
        }
        this.port = port;
    }

    @Override
    public Integer call() {
        try (var _ = Node.current().telemetry().attach(WebEvent.Listening.class, this::listening)) {
            var reason = Application.run(Showcase.tree(port));
            return reason instanceof ExitReason.Shutdown ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (StartFailed failure) {
            throw CannotStart.because(failure, port);
        }
    }

    private void listening(WebEvent.Listening event) {
        var out = spec.commandLine().getOut();
        out.println("The showcase is on http://localhost:" + event.port() + " (Ctrl-C stops it)");
        out.flush();
    }
}
