/** The district's back end, as a module: what it names here is all that it needs of Keywright. */
module org.example.district {
    requires dev.keywright.core;
    requires dev.keywright.jdbc;
    requires dev.keywright.servlet;
}
