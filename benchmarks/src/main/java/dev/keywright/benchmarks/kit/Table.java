package dev.keywright.benchmarks.kit;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;

/** What was measured of several things in several rounds, a column for each thing. Used by one thread. */
public final class Table {

    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;

    private final String title;
    private final List<String> columns = new ArrayList<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** What was measured of the same kind, and how it is written. */
    private record Row(DoubleFunction<String> format, Map<String, Series> cells) {}

    public Table(String title) {
        this.title = title;
    }

    /** Adds a time in nanoseconds; NaN where there is none. */
    public void time(String column, String row, double nanos) {
        add(column, row, nanos, Table::time);
    }

    public void number(String column, String row, double number) {
        add(column, row, number, Table::number);
    }

    private void add(String column, String row, double value, DoubleFunction<String> format) {
        if (!columns.contains(column)) {
            columns.add(column);
        }
        Row there = rows.computeIfAbsent(row, none -> new Row(format, new LinkedHashMap<>()));
        if (!Double.isNaN(value)) {
            there.cells.computeIfAbsent(column, none -> new Series()).add(value);
        }
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintStream out) {
        out.println("| " + title + " | " + String.join(" | ", columns) + " |");
        out.println("| ---" + " | ---".repeat(columns.size()) + " |");
        rows.forEach((name, row) -> {
            out.print("| " + name);
            for (String column : columns) {
                Series cell = row.cells.get(column);
                out.print(" | " + (cell == null ? "–" : cell.in(row.format)));
            }
            out.println(" |");
        });
        out.println();
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, number < 100 ? "%.1f" : "%,.0f", number);
    }

    private static String time(double nanos) {
        if (nanos < MILLIS) {
            return String.format(Locale.ROOT, nanos < 10 * MICROS ? "%.1f µs" : "%.0f µs", nanos / MICROS);
        }
        return String.format(Locale.ROOT, nanos < 10 * MILLIS ? "%.1f ms" : "%,.0f ms", nanos / MILLIS);
    }
}
