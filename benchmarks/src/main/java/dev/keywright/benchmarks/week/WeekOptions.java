package dev.keywright.benchmarks.week;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a week is to be like.
 *
 * @param database {@code postgresql} or {@code h2}
 * @param districts how many there are
 * @param keys how many keys they have in all, at first
 * @param nodes on how many processes, one measurement for each number
 * @param caches with caches on or off, or both: {@code off,on}
 * @param rounds how often each is measured
 * @param seconds for how long each time
 * @param rate how many verifications a second are due where that is given, on all processes together
 * @param scripts how many threads verify keys, in all processes together
 * @param clerks how many threads manage them, in all processes together
 */
record WeekOptions(
        String database,
        int districts,
        int keys,
        List<Integer> nodes,
        List<String> caches,
        int rounds,
        double seconds,
        int rate,
        int scripts,
        int clerks) {

    /** Checks them. */
    WeekOptions {
        nodes = List.copyOf(nodes);
        caches = List.copyOf(caches);
        if (!database.equals("postgresql") && !database.equals("h2")) {
            throw new IllegalArgumentException("the database is postgresql or h2");
        }
        if (districts < 1 || keys < districts) {
            throw new IllegalArgumentException("at least one district, and a key for each, are needed");
        }
        if (!List.of("on", "off").containsAll(caches)) {
            throw new IllegalArgumentException("caches are on or off");
        }
        if (rounds < 1 || !(seconds > 0) || rate < 1) {
            throw new IllegalArgumentException("at least one round, some time, and some rate are needed");
        }
        int fewest = Math.min(scripts, clerks);
        if (nodes.stream().anyMatch(count -> count < 1 || count > fewest)) {
            throw new IllegalArgumentException("at least one process is needed, and one thread of each kind for each");
        }
    }

    /** {@return what the command line says, and for the rest, what the figures of the project are made with} */
    static WeekOptions of(String... arguments) {
        WeekOptions options =
                new WeekOptions("postgresql", 2000, 100_000, List.of(1, 2), List.of("off", "on"), 3, 20, 2000, 8, 32);
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException("nothing follows " + name);
            }
            options = options.with(name, words.next());
        }
        return options;
    }

    /** {@return the command line that says all this} */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "--database %s --districts %d --keys %d --nodes %s --caches %s --rounds %d --seconds %s --rate %d"
                        + " --scripts %d --clerks %d",
                database,
                districts,
                keys,
                nodes.stream().map(String::valueOf).collect(Collectors.joining(",")),
                String.join(",", caches),
                rounds,
                seconds,
                rate,
                scripts,
                clerks);
    }

    private WeekOptions with(String name, String value) {
        return switch (name) {
            case "--database" ->
                new WeekOptions(value, districts, keys, nodes, caches, rounds, seconds, rate, scripts, clerks);
            case "--districts" ->
                new WeekOptions(
                        database, Integer.parseInt(value), keys, nodes, caches, rounds, seconds, rate, scripts, clerks);
            case "--keys" ->
                new WeekOptions(
                        database,
                        districts,
                        Integer.parseInt(value),
                        nodes,
                        caches,
                        rounds,
                        seconds,
                        rate,
                        scripts,
                        clerks);
            case "--nodes" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        list(value).map(Integer::valueOf).toList(),
                        caches,
                        rounds,
                        seconds,
                        rate,
                        scripts,
                        clerks);
            case "--caches" ->
                new WeekOptions(
                        database, districts, keys, nodes, list(value).toList(), rounds, seconds, rate, scripts, clerks);
            case "--rounds" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        nodes,
                        caches,
                        Integer.parseInt(value),
                        seconds,
                        rate,
                        scripts,
                        clerks);
            case "--seconds" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        nodes,
                        caches,
                        rounds,
                        Double.parseDouble(value),
                        rate,
                        scripts,
                        clerks);
            case "--rate" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        nodes,
                        caches,
                        rounds,
                        seconds,
                        Integer.parseInt(value),
                        scripts,
                        clerks);
            case "--scripts" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        nodes,
                        caches,
                        rounds,
                        seconds,
                        rate,
                        Integer.parseInt(value),
                        clerks);
            case "--clerks" ->
                new WeekOptions(
                        database,
                        districts,
                        keys,
                        nodes,
                        caches,
                        rounds,
                        seconds,
                        rate,
                        scripts,
                        Integer.parseInt(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static Stream<String> list(String value) {
        return Arrays.stream(value.split(",", -1));
    }
}
