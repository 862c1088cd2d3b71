package dev.martlet.bench.harness;

import java.util.List;

/**
 * Rows that are measured in one VM, by the same code on the same objects.
 *
 * @param name its name; on the command line it stands for all its rows
 * @param rows the rows, in the order of the table
 * @param programs what measures them
 * @param vm the VM they need
 * @param rounds how many VMs are started, unless the command line says otherwise
 */
public record Group(String name, List<Row> rows, List<Program> programs, Vm vm, int rounds) {
    /**
     * A Java VM.
     *
     * @param firstHeap what it begins with, as for -Xms
     * @param heapGigabytes what it may grow to; never more than half of the machine's memory
     * @param compactHeaders whether objects have small headers
     */
    public record Vm(String firstHeap, int heapGigabytes, boolean compactHeaders) {
        /** For work. */
        public static final Vm WORK = new Vm("2g", 8, true);

        /** For counting bytes: the heap grows only with what is in it. */
        public static final Vm BYTES = new Vm("256m", 10, true);
    }

    /** A group for rates: three rounds. */
    public static Group of(String name, List<Row> rows, List<Program> programs) {
        return new Group(name, rows, programs, Vm.WORK, 3);
    }

    /** In that VM. */
    public Group vm(Vm vm) {
        return new Group(name, rows, programs, vm, rounds);
    }

    /** In so many rounds. */
    public Group rounds(int rounds) {
        return new Group(name, rows, programs, vm, rounds);
    }
}
