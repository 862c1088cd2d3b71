package dev.martlet.web.transport;

/**
 * One encoded message, as the serializer made it: without the header of the transport. On the heap, because it is made
 * on the thread of some process, which may be killed at any point; buffers that need a release live on the lanes only.
 *
 * @param bytes never changed once it is here
 * @param binary whether it is no text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(byte[] bytes, boolean binary) {}
