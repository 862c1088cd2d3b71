package dev.martlet.kernel;

/** The limits of a node, one by one: the name of its setting, and what it counts. */
enum NodeLimit {
    PROCESSES("maxProcesses", "processes"),
    TIMERS("maxTimers", "pending timers"),
    NAMES("maxNames", "registered names");

    final String setting;
    final String what;

    NodeLimit(String setting, String what) {
        this.setting = setting;
        this.what = what;
    }

    int allowed(NodeLimits limits) {
        return switch (this) {
            case PROCESSES -> limits.maxProcesses();
            case TIMERS -> limits.maxTimers();
            case NAMES -> limits.maxNames();
        };
    }

    /** The limit of that node, with its use. */
    Limit of(Node node) {
        var used = switch (this) {
            case PROCESSES -> node.processes.size();
            case TIMERS -> node.timers.size();
            case NAMES -> node.names.mappingCount();
        };
        var most = switch (this) {
            case PROCESSES -> node.processes.highWater();
            case TIMERS -> node.timers.highWater();
            case NAMES -> node.mostNames;
        };
        return new Limit(setting, allowed(node.config().limits()), used, Math.max(used, most));
    }
}
