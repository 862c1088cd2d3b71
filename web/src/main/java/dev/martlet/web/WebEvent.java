package dev.martlet.web;

import dev.martlet.kernel.Pid;

/** Everything this module reports through {@link dev.martlet.kernel.Telemetry}. */
public sealed interface WebEvent {
    /**
     * An endpoint has begun to listen.
     *
     * @param port on which port
     */
    record Listening(int port) implements WebEvent {}

    /**
     * A connection was closed because there are as many as {@link Limits#connections} allows.
     *
     * @param remote from where
     */
    record TooManyConnections(String remote) implements WebEvent {}

    /**
     * A page of a foreign origin wanted to open a socket and got 403.
     *
     * @param path of the socket
     * @param origin of the page
     */
    record OriginRefused(String path, String origin) implements WebEvent {}

    /**
     * A socket is open.
     *
     * @param path of the socket
     * @param pid its process
     */
    record SocketConnected(String path, Pid pid) implements WebEvent {}

    /**
     * A handshake was refused by the application or because of its {@code vsn}.
     *
     * @param path of the socket
     * @param status the HTTP status it got
     */
    record SocketRefused(String path, int status) implements WebEvent {}

    /**
     * A message was no frame of the protocol; it was dropped and the socket kept.
     *
     * @param path of the socket
     * @param pid its process
     * @param why what was wrong with it
     */
    record InvalidFrame(String path, Pid pid, String why) implements WebEvent {}

    /**
     * A client wanted to join.
     *
     * @param topic what
     * @param outcome how that went
     */
    record Join(String topic, Outcome outcome) implements WebEvent {
        /** How a join went. */
        public enum Outcome {
            /** The channel is joined. */
            OK,
            /** The channel's {@code join} refused. */
            REFUSED,
            /** The channel's {@code join} threw. */
            CRASHED,
            /** The channel's {@code join} took longer than {@link Limits#joinTimeout}. */
            TIMED_OUT,
            /** No channel is declared for the topic. */
            UNMATCHED,
            /** The socket has as many channels as {@link Limits#channelsPerSocket} allows. */
            TOO_MANY
        }
    }

    /**
     * A channel crashed; its client was told {@code phx_error} and joins again.
     *
     * @param topic of the channel
     * @param pid its process
     */
    record ChannelCrashed(String topic, Pid pid) implements WebEvent {}

    /**
     * An event a client sent was refused because its payload is not what the channel declares.
     *
     * @param topic of the channel
     * @param event its name
     * @param problem what was wrong
     */
    record BadPayload(String topic, String event, String problem) implements WebEvent {}

    /**
     * A message for a channel was refused because {@link Limits#channelMessages} wait in its mailbox.
     *
     * @param topic of the channel
     */
    record ChannelOverloaded(String topic) implements WebEvent {}

    /**
     * A connection was closed because its client reads too slowly; see {@link Limits#outboundBytes}.
     *
     * @param remote where it is
     */
    record SlowClient(String remote) implements WebEvent {}

    /**
     * The code behind a plain route threw; the client got 500.
     *
     * @param path of the request
     * @param cause what it threw
     */
    record HandlerFailed(String path, Throwable cause) implements WebEvent {}
}
