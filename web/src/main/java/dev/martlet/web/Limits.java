package dev.martlet.web;

import java.time.Duration;

/**
 * What a client may cost, at most. Every bound is finite; each method returns a changed copy.
 *
 * {@snippet :
 * Endpoint.http(4000, routes).limits(Limits.DEFAULT.messageBytes(256 * 1024).idleTimeout(Duration.ofMinutes(2)))
 * }
 *
 * @param connections how many connections may be open; one more is closed at once
 * @param requestLineBytes of an HTTP request; a longer one is answered with 414
 * @param headerBytes of all headers of an HTTP request; more are answered with 431
 * @param bodyBytes of an HTTP request; more are answered with 413
 * @param requestTimeout how long a client may take to send a request, the handshake of a WebSocket included
 * @param messageBytes of one message on a socket; a longer one closes it with 1009
 * @param idleTimeout how long a socket may be silent (clients send a heartbeat every 30 s), and an HTTP connection be kept
 * @param inboundMessages how many messages of one socket may wait to be handled; with more, the server stops reading
 *     from that connection until there are half as many
 * @param outboundBytes how much may wait to be sent on one socket; beyond that it is closed, and its client, which
 *     reads too slowly, reconnects
 * @param channelsPerSocket how many channels a socket may have joined
 * @param channelMessages how many messages may wait in one channel's mailbox
 * @param joinTimeout how long {@code join} of a channel may take; then it is killed and the client told
 * @param stopTimeout how long connections may take to close when the endpoint stops
 */
public record Limits(
        int connections,
        int requestLineBytes,
        int headerBytes,
        int bodyBytes,
        Duration requestTimeout,
        int messageBytes,
        Duration idleTimeout,
        int inboundMessages,
        int outboundBytes,
        int channelsPerSocket,
        int channelMessages,
        Duration joinTimeout,
        Duration stopTimeout) {

    /**
     * 20,000 connections; request line 8 KB, headers 16 KB, body 64 KB, within 10 s; messages of 64 KB, 60 s idle, 128
     * messages in, 1 MB out; 100 channels for each socket with 10,000 messages each, 60 s to join; 5 s to stop.
     */
    public static final Limits DEFAULT = new Limits(
            20_000,
            8 * 1024,
            16 * 1024,
            64 * 1024,
            Duration.ofSeconds(10),
            64 * 1024,
            Duration.ofSeconds(60),
            128,
            1024 * 1024,
            100,
            10_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));

    /** Checks that every bound is at least 1. */
    public Limits {
        atLeastOne("connections", connections);
        atLeastOne("requestLineBytes", requestLineBytes);
        atLeastOne("headerBytes", headerBytes);
        atLeastOne("bodyBytes", bodyBytes);
        atLeastOne("requestTimeout in ms", requestTimeout.toMillis());
        atLeastOne("messageBytes", messageBytes);
        atLeastOne("idleTimeout in ms", idleTimeout.toMillis());
        atLeastOne("inboundMessages", inboundMessages);
        atLeastOne("outboundBytes", outboundBytes);
        atLeastOne("channelsPerSocket", channelsPerSocket);
        atLeastOne("channelMessages", channelMessages);
        atLeastOne("joinTimeout in ms", joinTimeout.toMillis());
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("Limits." + name + ": allowed is 1 or more; got: " + value);
        }
    }

    /** With that {@code connections}. */
    public Limits connections(int connections) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code requestLineBytes}. */
    public Limits requestLineBytes(int requestLineBytes) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code headerBytes}. */
    public Limits headerBytes(int headerBytes) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code bodyBytes}. */
    public Limits bodyBytes(int bodyBytes) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code requestTimeout}. */
    public Limits requestTimeout(Duration requestTimeout) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code messageBytes}. */
    public Limits messageBytes(int messageBytes) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code idleTimeout}. */
    public Limits idleTimeout(Duration idleTimeout) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code inboundMessages}. */
    public Limits inboundMessages(int inboundMessages) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code outboundBytes}. */
    public Limits outboundBytes(int outboundBytes) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code channelsPerSocket}. */
    public Limits channelsPerSocket(int channelsPerSocket) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code channelMessages}. */
    public Limits channelMessages(int channelMessages) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code joinTimeout}. */
    public Limits joinTimeout(Duration joinTimeout) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }

    /** With that {@code stopTimeout}. */
    public Limits stopTimeout(Duration stopTimeout) {
        return new Limits(
                connections,
                requestLineBytes,
                headerBytes,
                bodyBytes,
                requestTimeout,
                messageBytes,
                idleTimeout,
                inboundMessages,
                outboundBytes,
                channelsPerSocket,
                channelMessages,
                joinTimeout,
                stopTimeout);
    }
}
