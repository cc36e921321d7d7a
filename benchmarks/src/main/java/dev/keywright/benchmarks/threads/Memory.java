package dev.keywright.benchmarks.threads;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process has of memory, when garbage has been collected.
 *
 * @param heap bytes that are in use
 * @param outside bytes that the JVM has beside the heap; NaN where it was not told to keep an account of them
 */
record Memory(double heap, double outside) {

    private static final Pattern TOTAL = Pattern.compile("Total: reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern HEAP = Pattern.compile("Java Heap \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
    private static final int KILO = 1024;
    private static final int TWICE = 2;

    static Memory now() {
        for (int i = 0; i < TWICE; i++) {
            // What the first finds only by references that are cleared in it, the second finds to be garbage.
            System.gc();
        }
        String account = account();
        return new Memory(
                (double)
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                kilobytes(TOTAL, account) - kilobytes(HEAP, account));
    }

    private static double kilobytes(Pattern pattern, String account) {
        Matcher matcher = pattern.matcher(account);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) * KILO : Double.NaN;
    }

    private static String account() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary"}},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            return "";
        }
    }
}
