package org.example.district;

import dev.keywright.ApiKeys;
import dev.keywright.KeyVerifier;
import dev.keywright.core.Keywright;
import dev.keywright.core.Pepper;
import dev.keywright.jdbc.JdbcKeyStore;
import dev.keywright.jdbc.JdbcSchema;
import dev.keywright.management.ScopeCatalog;
import dev.keywright.servlet.ApiKeyFilter;
import javax.sql.DataSource;

/** Configures Keywright for this back end. */
public final class DistrictKeys {

    static final String READ_PEOPLE = "read:people";

    private static final ScopeCatalog SCOPES = ScopeCatalog.of(READ_PEOPLE, "list and get people");

    private DistrictKeys() {}

    /** {@return the API keys in a database} */
    public static ApiKeys in(DataSource database, byte[] pepper) {
        JdbcSchema.install(database);
        return Keywright.builder().store(JdbcKeyStore.on(database))
                .scopes(SCOPES)
                .pepper(Pepper.of(pepper))
                .build();
    }

    /** {@return the filter of the API, which admits API keys only: this back end has no sessions} */
    public static ApiKeyFilter filter(KeyVerifier keys) {
        return ApiKeyFilter.verifying(keys).allowing("GET", "/api/people", READ_PEOPLE);
    }
}
