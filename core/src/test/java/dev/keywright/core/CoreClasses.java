package dev.keywright.core;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URL;

/**
 * The compiled classes of core, without its tests. Imported from their own directory: to import a package, ArchUnit lists the contents
 * of each jar and of all modules of the JDK.
 */
public final class CoreClasses {

    static final URL LOCATION =
            Keywright.class.getProtectionDomain().getCodeSource().getLocation();

    public static final JavaClasses ALL = new ClassFileImporter().importUrl(LOCATION);

    private CoreClasses() {}
}
