/**
 * Keeps API keys in a relational database, over JDBC. It needs nothing of Keywright but its API.
 */
module dev.keywright.jdbc {
    requires transitive dev.keywright;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.keywright.jdbc;
}
