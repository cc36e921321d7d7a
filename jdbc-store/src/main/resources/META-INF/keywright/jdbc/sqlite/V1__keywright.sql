-- Keywright schema for SQLite. Each statement is idempotent.
--
-- Columns that identify keys are binary (UTF-8): bytes have no collation, padding or case. Instants are Unix
-- milliseconds: numbers have no time zone. STRICT, since otherwise any column of SQLite accepts values of any type.

CREATE TABLE IF NOT EXISTS keywright_key (
    id                BLOB    NOT NULL,
    tenant            BLOB    NOT NULL,
    digest            BLOB    NOT NULL,
    pepper            BLOB    NOT NULL,
    name              TEXT    NOT NULL,
    hint              TEXT    NOT NULL,
    scopes            TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    created_by_kind   TEXT    NOT NULL,
    created_by_name   BLOB    NOT NULL,
    expires_at        INTEGER,
    revoked_at        INTEGER,
    revoked_by_kind   TEXT,
    revoked_by_name   TEXT,
    revoked_reason    TEXT,
    insert_revision   INTEGER NOT NULL,
    change_revision   INTEGER NOT NULL,
    version           INTEGER NOT NULL,
    predecessor       BLOB,
    successor         BLOB,
    format            BLOB    NOT NULL,
    lifetime_millis   INTEGER,
    environment       TEXT,
    owner_kind        TEXT,
    owner_name        BLOB,
    description       TEXT,
    attributes        TEXT,
    issue_request     BLOB,
    suspended_at      INTEGER,
    suspended_by_kind TEXT,
    suspended_by_name TEXT,
    suspended_reason  TEXT,
    inactive_at       INTEGER,
    name_folded       BLOB    NOT NULL,
    CONSTRAINT keywright_key_id PRIMARY KEY (id),
    CONSTRAINT keywright_key_digest UNIQUE (digest)
) STRICT;

CREATE INDEX IF NOT EXISTS keywright_key_listing ON keywright_key (tenant, created_at, insert_revision);

-- For lists by name, and the search for a hint. name_folded is the name as searches compare it. There is no index for lists by
-- expiry: the optimizer of SQLite would choose it for the active keys of a tenant.
CREATE INDEX IF NOT EXISTS keywright_key_name ON keywright_key (tenant, name_folded, insert_revision);
CREATE INDEX IF NOT EXISTS keywright_key_hint ON keywright_key (tenant, hint);

-- For the change feed.
CREATE INDEX IF NOT EXISTS keywright_key_changed ON keywright_key (change_revision, insert_revision);

-- For the limit of active keys, and the revocation of all keys of a tenant.
CREATE INDEX IF NOT EXISTS keywright_key_active ON keywright_key (tenant, expires_at, insert_revision)
    WHERE revoked_at IS NULL;

-- For the revocation of all keys of one creator, and the list of those that are active.
CREATE INDEX IF NOT EXISTS keywright_key_creator ON keywright_key (tenant, created_by_name, created_at, insert_revision)
    WHERE revoked_at IS NULL;

-- For the revocation of all keys of one owner, and the list of those that are active.
CREATE INDEX IF NOT EXISTS keywright_key_owner ON keywright_key (tenant, owner_name, created_at, insert_revision)
    WHERE revoked_at IS NULL AND owner_name IS NOT NULL;

-- For repeated requests to issue a key.
CREATE INDEX IF NOT EXISTS keywright_key_request ON keywright_key (issue_request) WHERE issue_request IS NOT NULL;

-- format is the prefix of an issued key, or "import:" and the prefix of an imported one.
-- Contains only keys that are not revoked. With revoked_at as a column, the optimizer of SQLite would choose this index for
-- the keys of a tenant and for expiring keys, since it underestimates the number of keys that are not revoked.
CREATE INDEX IF NOT EXISTS keywright_key_origin ON keywright_key (pepper, format, expires_at) WHERE revoked_at IS NULL;

-- inactive_at is the earlier of revoked_at and expires_at.
CREATE INDEX IF NOT EXISTS keywright_key_inactive ON keywright_key (inactive_at);

-- Usage of keys, and the shortest warning of their expiry that was claimed. Separate from the keys, since usage is written
-- often, and the row of a key only by management.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id                BLOB    NOT NULL,
    last_used_at          INTEGER,
    use_count             INTEGER NOT NULL,
    used_scopes           TEXT,
    expiry_warning_millis INTEGER,
    CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)
) STRICT;

-- Marks: revocations of all keys of a tenant. A key of the tenant that was inserted up to the revision revoked_upto and has no
-- revocation of its own has this one, until a sweep has stored it in the rows of the keys; then the mark is deleted. A sweep
-- locks the mark first, by incrementing sweeps.
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

-- Evictions that the change feed cannot find in the rows of keys: of a tenant (kind 1), and of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind     INTEGER NOT NULL,
    subject  BLOB    NOT NULL,
    revision INTEGER NOT NULL,
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

-- Last: the existence of this row proves that all statements above have run.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
VALUES (1, 0, 0, 0, 1)
ON CONFLICT DO NOTHING;
