package dev.martlet.otp;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Response;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was asked for with {@link Ref#sendRequest} and is waited for later.
 *
 * {@snippet :
 * var stock = warehouse.sendRequest(new Stock(item));
 * var price = shop.sendRequest(new Price(item));
 * return new Offer(stock.await(Duration.ofSeconds(1)), price.await(Duration.ofSeconds(1)));
 * }
 *
 * <p>It never touches the mailbox. Only the process that asked may wait. After Erlang's <a
 * href="https://www.erlang.org/doc/apps/stdlib/gen_server.html#send_request/2">gen_server:send_request</a>; to ask many
 * see {@link MultiCall}.
 *
 * @param <R> the answer
 */
public final class Pending<R> {
    private final @Nullable Response response;
    private final @Nullable CallFailed absent;

    private Pending(@Nullable Response response, @Nullable CallFailed absent) {
        this.response = response;
        this.absent = absent;
    }

    /** Asks {@code server}; if there is none, of that name, that is said later. */
    static <R> Pending<R> of(Optional<Pid> server, String name, Call<?, R> request) {
        return server.isPresent()
                ? new Pending<>(Proc.sendRequest(server.get(), request), null)
                : new Pending<>(null, CallFailed.noProcess(name, request));
    }

    private Response response() {
        if (absent != null) {
            throw absent;
        }
        return Objects.requireNonNull(response);
    }

    /**
     * The answer, if it comes within that time. It may be awaited again after a {@link CallFailed.Timeout}.
     *
     * @throws CallFailed as {@link Ref#call} does
     */
    @SuppressWarnings("unchecked") // GenServer.reply lets only an R answer a Call of R
    public R await(Duration within) {
        return (R) response().await(within);
    }

    /** The same; empty if it has not come by then. {@link Duration#ZERO} looks without waiting. */
    @SuppressWarnings("unchecked")
    public Optional<R> poll(Duration within) {
        return (Optional<R>) response().poll(within);
    }

    /** Says that it is not wanted any more: if it still comes, it is dropped and counted as late. */
    public void abandon() {
        if (response != null) {
            response.abandon();
        }
    }
}
