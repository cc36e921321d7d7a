/** Store of API keys in a relational database, over JDBC. Depends on the API of Keywright alone. */
module dev.keywright.jdbc {
    requires transitive dev.keywright;
    requires transitive java.sql;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.keywright.jdbc;
}
