/**
 * The API of Keywright, an embeddable library for API keys, and the SPI for key stores. No dependencies at run time.
 */
@SuppressWarnings("module") // The module that may access the internals is built after this one.
module dev.keywright {
    requires static org.jspecify;

    exports dev.keywright;
    exports dev.keywright.management;
    exports dev.keywright.spi;
    exports dev.keywright.internal to
            dev.keywright.core;
}
