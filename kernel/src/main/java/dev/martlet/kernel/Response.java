package dev.martlet.kernel;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that was sent with {@link Proc#sendRequest} and is waited for later: to ask many at once, or
 * to do something in between.
 *
 * {@snippet :
 * var stock = Proc.sendRequest(warehouse, new Stock(item));
 * var price = Proc.sendRequest(shop, new Price(item));
 * return new Offer(stock.await(Duration.ofSeconds(1)), price.await(Duration.ofSeconds(1)));
 * }
 *
 * <p>It never passes through the mailbox of who asked. Only the process, or thread, that asked may wait, and may do so
 * again after a {@link CallFailed.Timeout}. After Erlang's <a
 * href="https://www.erlang.org/doc/apps/stdlib/gen_server.html#send_request/2">gen_server:send_request</a>.
 */
public final class Response {
    private final LocalProcess server;
    private final Request request;
    private final @Nullable CallFailed refused;

    Response(LocalProcess server, Request request, @Nullable CallFailed refused) {
        this.server = server;
        this.request = request;
        this.refused = refused;
    }

    /** Who was asked. */
    public Pid server() {
        return server;
    }

    /** What was asked. */
    public Object request() {
        return request.message;
    }

    /**
     * The answer, if it comes within that time. The server may still answer after it, and {@code await} may be called
     * again; who no longer wants it says {@link #abandon}.
     *
     * @throws CallFailed as {@link Proc#call} does
     */
    public Object await(Duration within) {
        return poll(within).orElseThrow(() -> CallFailed.timedOut(server, request.message, within));
    }

    /** The same; empty if it does not come within that time, of which there may be none to look without waiting. */
    public Optional<Object> poll(Duration within) {
        if (refused != null) {
            throw refused;
        }
        var self = Context.process();
        if (self != null) {
            self.waitFor(server);
        }
        try {
            var time = server.node.time;
            return Optional.ofNullable(request.look(time, time.deadline(Proc.nanos(within)), self))
                    .map(answer -> Proc.answerOf(server, request.message, answer));
        } finally {
            if (self != null) {
                self.waitDone();
            }
        }
    }

    /** Says that the answer is not wanted any more: if it still comes it is dropped and counted as late. */
    public void abandon() {
        request.abandon();
    }
}
