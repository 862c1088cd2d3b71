/**
 * The web server of an application.
 *
 * <p>Read {@link dev.martlet.web.Endpoint} and {@link dev.martlet.web.Route}; then {@code dev.martlet.web.channel} for
 * what real-time clients speak. {@link dev.martlet.web.Limits} names every bound, {@link dev.martlet.web.WebEvent} every
 * telemetry event.
 */
@NullMarked
package dev.martlet.web;

import org.jspecify.annotations.NullMarked;
