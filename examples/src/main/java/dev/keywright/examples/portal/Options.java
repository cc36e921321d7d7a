package dev.keywright.examples.portal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Command-line options.
 *
 * @param port the port to listen on; 0 for any free port
 * @param data the directory of the database and the pepper
 * @param help whether to print the usage instead of starting
 */
record Options(int port, Path data, boolean help) {

    static final String USAGE = """
            Usage: java -jar portal.jar [OPTIONS]

            Runs a demo portal of two school districts with API keys.

            Options:
              --port PORT   port to listen on, at 127.0.0.1; 0 for any free port (default: 8080)
              --data DIR    directory for the database and the pepper (default: ./portal-data)
              --help        print this help and exit
            """;

    static Options of(String... arguments) {
        Options options = new Options(8080, Path.of("portal-data"), false);
        for (Iterator<String> rest = List.of(arguments).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            options = switch (option) {
                case "--port" -> new Options(port(rest), options.data, options.help);
                case "--data" -> new Options(options.port, directory(rest), options.help);
                case "--help" -> new Options(options.port, options.data, true);
                default -> throw new StartupException("Unknown option " + option + "; see --help.");
            };
        }
        return options;
    }

    private static int port(Iterator<String> rest) {
        String number = rest.hasNext() ? rest.next() : "";
        // At most five ASCII digits: parseInt would accept a sign, and digits of other scripts.
        int port = number.matches("[0-9]{1,5}") ? Integer.parseInt(number) : -1;
        if (port < 0 || port > 65_535) {
            throw new StartupException("--port requires a number from 0 to 65535.");
        }
        return port;
    }

    private static Path directory(Iterator<String> rest) {
        String name = rest.hasNext() ? rest.next() : "";
        // A semicolon would start the settings of the JDBC URL.
        if (name.isBlank() || name.contains(";")) {
            throw new StartupException("--data requires a directory name without semicolons.");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new StartupException("--data requires a valid directory name.", e);
        }
    }
}
