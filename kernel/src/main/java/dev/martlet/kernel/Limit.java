package dev.martlet.kernel;

/**
 * One of a node's limits and how near it is, as {@link Node#limits()} reports it.
 *
 * @param name what it limits: {@code maxProcesses}, as its setting in {@link NodeLimits} is called
 * @param allowed how many there may be
 * @param used how many there are
 * @param highWater the most there have been since the node started, to within a few dozen
 */
public record Limit(String name, long allowed, long used, long highWater) {}
