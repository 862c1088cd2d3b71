/**
 * HTTP and WebSocket on Netty: the only package that sees it.
 *
 * <pre>
 *   accept -&gt; [HttpServerCodec][HttpObjectAggregator][HttpConnection]      plain requests, one at a time
 *                                                       | upgrade
 *          -&gt; [WebSocket13FrameDecoder][SocketConnection] --message--&gt; Peer (a process)
 *   process --Lane.execute--&gt; event loop: write, write, …, one flush for each connection at the end of the turn
 * </pre>
 */
@NullMarked
package dev.martlet.web.netty;

import org.jspecify.annotations.NullMarked;
