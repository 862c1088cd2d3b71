/** Publish and subscribe between processes. Start at {@link dev.martlet.pubsub.PubSub}. */
module dev.martlet.pubsub {
    requires static transitive org.jspecify;
    requires transitive dev.martlet.otp;
    requires org.slf4j;

    exports dev.martlet.pubsub;
    exports dev.martlet.pubsub.spi;
}
