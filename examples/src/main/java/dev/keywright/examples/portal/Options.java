package dev.keywright.examples.portal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * What was asked for on the command line.
 *
 * @param port where to listen; 0 for any free port
 * @param data the folder of the database and the pepper
 * @param help whether to explain the options instead of starting
 */
record Options(int port, Path data, boolean help) {

    static final String USAGE = """
            Runs a portal of two districts, to try API keys on.

              --port N        listens on port N of 127.0.0.1 (8080; 0 takes any free port)
              --data FOLDER   keeps the database and the pepper in FOLDER (./portal-data)
              --help          prints this
            """;

    static Options of(String... arguments) {
        Options options = new Options(8080, Path.of("portal-data"), false);
        for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            options = switch (option) {
                case "--port" -> new Options(port(rest), options.data, options.help);
                case "--data" -> new Options(options.port, folder(rest), options.help);
                case "--help" -> new Options(options.port, options.data, true);
                default ->
                    throw new CannotStart("There is no option " + option + "; --help lists those that there are.");
            };
        }
        return options;
    }

    private static int port(Iterator<String> rest) {
        String number = rest.hasNext() ? rest.next() : "";
        // At most five ASCII digits: parseInt would take a sign, and digits of other scripts.
        int port = number.matches("[0-9]{1,5}") ? Integer.parseInt(number) : -1;
        if (port < 0 || port > 65_535) {
            throw new CannotStart("--port takes a number from 0 to 65535.");
        }
        return port;
    }

    private static Path folder(Iterator<String> rest) {
        String name = rest.hasNext() ? rest.next() : "";
        // A semicolon would begin the settings in the database's address.
        if (name.isBlank() || name.contains(";")) {
            throw new CannotStart("--data takes a folder, whose name must not be blank or have a semicolon.");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new CannotStart("--data takes a folder, and this system knows no such name.", e);
        }
    }
}
