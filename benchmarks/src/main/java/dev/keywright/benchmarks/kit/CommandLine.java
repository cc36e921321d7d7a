package dev.keywright.benchmarks.kit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Options, as {@code --name value}. Each may be asked for by its name, with what holds where it was not said. */
public final class CommandLine {

    /** What a program does with its options. */
    @FunctionalInterface
    public interface Program<O> {

        /** {@return what the process ends with} */
        int run(O options) throws Exception;
    }

    private final Map<String, String> said = new LinkedHashMap<>();

    private CommandLine(String... words) {
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException("nothing follows " + words[i]);
            }
            said.put(words[i], words[i + 1]);
        }
    }

    /**
     * {@return what is made of all the options}
     *
     * @throws IllegalArgumentException if one is left that was not asked for
     */
    public static <O> O read(String[] words, Function<CommandLine, O> options) {
        CommandLine line = new CommandLine(words);
        O read = options.apply(line);
        if (!line.said.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no option " + line.said.keySet().iterator().next());
        }
        return read;
    }

    /** Runs a program, and ends the process: with 2 where its options are wrong, and 1 where it could not do what it is to do. */
    public static <O> void run(String[] words, Function<String[], O> options, Program<O> program) throws Exception {
        O read;
        try {
            read = options.apply(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        try {
            System.exit(program.run(read));
        } catch (IllegalStateException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    public String text(String name, String otherwise) {
        return Optional.ofNullable(said.remove(name)).orElse(otherwise);
    }

    public int number(String name, int otherwise) {
        return as(Integer::valueOf, name, otherwise);
    }

    public long longNumber(String name, long otherwise) {
        return as(Long::valueOf, name, otherwise);
    }

    public double amount(String name, double otherwise) {
        return as(Double::valueOf, name, otherwise);
    }

    public List<Integer> numbers(String name, Integer... otherwise) {
        return as(value -> words(value).map(Integer::valueOf).toList(), name, List.of(otherwise));
    }

    public List<String> texts(String name, String... otherwise) {
        return as(value -> words(value).toList(), name, List.of(otherwise));
    }

    private static Stream<String> words(String value) {
        return Arrays.stream(value.split(",", -1));
    }

    private <T> T as(Function<String, T> type, String name, T otherwise) {
        String value = said.remove(name);
        try {
            return value == null ? otherwise : type.apply(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a number, and not " + value, e);
        }
    }

    /** {@return numbers as they may be said} */
    public static String text(List<Integer> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }
}
