-- Keywright on SQLite. Each statement may be run again, and then changes nothing.
--
-- What keys are found by is kept as bytes (UTF-8), since bytes have no collation, no padding and no case. Instants are
-- Unix milliseconds, since numbers have no time zone. STRICT: without it, any column of SQLite takes anything.

CREATE TABLE IF NOT EXISTS keywright_key (
    id              BLOB    NOT NULL,
    tenant          BLOB    NOT NULL,
    digest          BLOB    NOT NULL,
    pepper          BLOB    NOT NULL,
    name            TEXT    NOT NULL,
    hint            TEXT    NOT NULL,
    scopes          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    created_by_kind TEXT    NOT NULL,
    created_by_name BLOB    NOT NULL,
    expires_at         INTEGER,
    revoked_at      INTEGER,
    revoked_by_kind TEXT,
    revoked_by_name TEXT,
    revoked_reason  TEXT,
    insert_revision     INTEGER NOT NULL,
    change_revision      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    predecessor     BLOB,
    successor       BLOB,
    imported_as     BLOB NOT NULL,
    lifetime_millis INTEGER,
    inactive_at        INTEGER,
    CONSTRAINT keywright_key_id PRIMARY KEY (id),
    CONSTRAINT keywright_key_digest UNIQUE (digest)
) STRICT;

CREATE INDEX IF NOT EXISTS keywright_key_listing ON keywright_key (tenant, created_at, insert_revision);

-- For the polls of nodes with a cache.
CREATE INDEX IF NOT EXISTS keywright_key_changed ON keywright_key (change_revision, insert_revision);

-- For the limit of active keys, and for a revocation of all keys of a tenant.
CREATE INDEX IF NOT EXISTS keywright_key_active ON keywright_key (tenant, expires_at, insert_revision)
    WHERE revoked_at IS NULL;

-- For a revocation of all keys that one actor created.
CREATE INDEX IF NOT EXISTS keywright_key_creator ON keywright_key (tenant, created_by_name, insert_revision)
    WHERE revoked_at IS NULL;

-- Only the keys that are not revoked are in this index. With revoked_at as a column of it, SQLite would look in it for the
-- keys of a tenant and for those that end soon, since it takes the many keys that are not revoked for few.
CREATE INDEX IF NOT EXISTS keywright_key_origin ON keywright_key (pepper, imported_as, expires_at) WHERE revoked_at IS NULL;

-- When a key ended or will end: the first of revoked_at and expires_at.
CREATE INDEX IF NOT EXISTS keywright_key_inactive ON keywright_key (inactive_at);

-- How keys were used, and whether it was told that they end: apart, since this is written all the time, and the row of a
-- key only when somebody means to change it.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id       BLOB    NOT NULL,
    last_used_at INTEGER,
    use_count    INTEGER NOT NULL,
    used_scopes  TEXT,
    expiry_notified_at  INTEGER,
    CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)
) STRICT;

-- The tenants whose keys are being revoked all at once: every key of the tenant that was inserted up to this revision and has no
-- revocation of its own has this one, until that is written into the rows of the keys; then this row goes. Who works on these
-- keys locks this row first, by adding one to sweeps.
CREATE TABLE IF NOT EXISTS keywright_tenant (
    tenant          BLOB    NOT NULL,
    revoked_upto    INTEGER NOT NULL,
    revoked_at      INTEGER NOT NULL,
    revoked_by_kind TEXT    NOT NULL,
    revoked_by_name TEXT    NOT NULL,
    revoked_reason  TEXT,
    sweeps          INTEGER NOT NULL,
    CONSTRAINT keywright_tenant_id PRIMARY KEY (tenant)
) STRICT;

-- The evictions that no row of a key tells nodes with a cache: of a tenant (kind 1), or of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind            INTEGER NOT NULL,
    subject         BLOB    NOT NULL,
    revision        INTEGER NOT NULL,
    CONSTRAINT keywright_eviction_id PRIMARY KEY (kind, subject)
) STRICT;

CREATE INDEX IF NOT EXISTS keywright_eviction_revision ON keywright_eviction (revision);

CREATE TABLE IF NOT EXISTS keywright_coherence (
    id             INTEGER NOT NULL,
    revision       INTEGER NOT NULL,
    lease_millis   INTEGER NOT NULL,
    marks          INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    CONSTRAINT keywright_coherence_id PRIMARY KEY (id),
    CONSTRAINT keywright_coherence_one_row CHECK (id = 1),
    CONSTRAINT keywright_coherence_lease CHECK (lease_millis >= 0)
) STRICT;

-- Last of all: where this row is, everything above is too.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
VALUES (1, 0, 0, 0, 1)
ON CONFLICT DO NOTHING;
