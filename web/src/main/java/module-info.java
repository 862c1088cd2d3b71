/** HTTP, WebSocket and channels. Start at {@link dev.martlet.web.Endpoint}. */
module dev.martlet.web {
    requires transitive org.jspecify; // also at run time: @Nullable decides which fields of an event are required
    requires transitive dev.martlet.pubsub;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports dev.martlet.web;
    exports dev.martlet.web.channel;
    exports dev.martlet.web.test;
}
