/** The use cases as one application. Start at {@link dev.martlet.showcase.Showcase}. */
module dev.martlet.showcase {
    requires static transitive org.jspecify;
    requires transitive dev.martlet.web;

    exports dev.martlet.showcase;

    // Jackson reads and writes the records of the chat.
    opens dev.martlet.showcase.chat to
            tools.jackson.databind;
}
