-- Keywright schema for PostgreSQL. Each statement is idempotent.
--
-- Columns that identify keys are binary (UTF-8): bytes have no collation, padding or case. Instants are Unix
-- milliseconds: numbers have no time zone.

CREATE TABLE IF NOT EXISTS keywright_key (
    id                BYTEA  NOT NULL,
    tenant            BYTEA  NOT NULL,
    digest            BYTEA  NOT NULL,
    pepper            BYTEA  NOT NULL,
    name              TEXT   NOT NULL,
    hint              TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    created_at        BIGINT NOT NULL,
    created_by_kind   TEXT   NOT NULL,
    created_by_name   BYTEA  NOT NULL,
    expires_at        BIGINT,
    revoked_at        BIGINT,
    revoked_by_kind   TEXT,
    revoked_by_name   TEXT,
    revoked_reason    TEXT,
    insert_revision   BIGINT NOT NULL,
    change_revision   BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    predecessor       BYTEA,
    successor         BYTEA,
    format            BYTEA  NOT NULL,
    lifetime_millis   BIGINT,
    environment       TEXT,
    owner_kind        TEXT,
    owner_name        BYTEA,
    description       TEXT,
    attributes        TEXT,
    issue_request     BYTEA,
    suspended_at      BIGINT,
    suspended_by_kind TEXT,
    suspended_by_name TEXT,
    suspended_reason  TEXT,
    inactive_at       BIGINT,
    name_folded       BYTEA  NOT NULL,
    CONSTRAINT keywright_key_id PRIMARY KEY (id),
    CONSTRAINT keywright_key_digest UNIQUE (digest)
);

CREATE INDEX IF NOT EXISTS keywright_key_listing ON keywright_key (tenant, created_at, insert_revision);

-- For lists by name and by expiry, and the search for a hint. name_folded is the name as searches compare it.
CREATE INDEX IF NOT EXISTS keywright_key_name ON keywright_key (tenant, name_folded, insert_revision);
CREATE INDEX IF NOT EXISTS keywright_key_expiry ON keywright_key (tenant, expires_at, insert_revision);
CREATE INDEX IF NOT EXISTS keywright_key_hint ON keywright_key (tenant, hint);

-- For the change feed.
CREATE INDEX IF NOT EXISTS keywright_key_changed ON keywright_key (change_revision, insert_revision);

-- For the limit of active keys, and the revocation of all keys of a tenant.
CREATE INDEX IF NOT EXISTS keywright_key_active ON keywright_key (tenant, revoked_at, expires_at, insert_revision)
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
CREATE INDEX IF NOT EXISTS keywright_key_origin ON keywright_key (pepper, format, revoked_at, expires_at)
    WHERE revoked_at IS NULL;

-- inactive_at is the earlier of revoked_at and expires_at. Keys with neither are not in the index.
CREATE INDEX IF NOT EXISTS keywright_key_inactive ON keywright_key (inactive_at) WHERE inactive_at IS NOT NULL;

-- Usage of keys, and the shortest warning of their expiry that was claimed. Separate from the keys, since usage is written
-- often, and the row of a key only by management. The fill factor leaves room for updates on each page.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id                BYTEA  NOT NULL,
    last_used_at          BIGINT,
    use_count             BIGINT NOT NULL,
    used_scopes           TEXT,
    expiry_warning_millis BIGINT,
    CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)
) WITH (fillfactor = 70);

-- Marks: revocations of all keys of a tenant. A key of the tenant that was inserted up to the revision revoked_upto and has no
-- revocation of its own has this one, until a sweep has stored it in the rows of the keys; then the mark is deleted. A sweep
-- locks the mark first, by incrementing sweeps.
CREATE TABLE IF NOT EXISTS keywright_tenant (
    tenant          BYTEA  NOT NULL,
    revoked_upto    BIGINT NOT NULL,
    revoked_at      BIGINT NOT NULL,
    revoked_by_kind TEXT   NOT NULL,
    revoked_by_name TEXT   NOT NULL,
    revoked_reason  TEXT,
    sweeps          BIGINT NOT NULL,
    CONSTRAINT keywright_tenant_id PRIMARY KEY (tenant)
);

-- Evictions that the change feed cannot find in the rows of keys: of a tenant (kind 1), and of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind     INT    NOT NULL,
    subject  BYTEA  NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT keywright_eviction_id PRIMARY KEY (kind, subject)
);

CREATE INDEX IF NOT EXISTS keywright_eviction_revision ON keywright_eviction (revision);

-- One row, which each writer updates. The low fill factor and the early vacuum keep its dead versions on few pages.
CREATE TABLE IF NOT EXISTS keywright_coherence (
    id             INT    NOT NULL,
    revision       BIGINT NOT NULL,
    lease_millis   INT    NOT NULL,
    marks          INT    NOT NULL,
    schema_version INT    NOT NULL,
    CONSTRAINT keywright_coherence_id PRIMARY KEY (id),
    CONSTRAINT keywright_coherence_one_row CHECK (id = 1),
    CONSTRAINT keywright_coherence_lease CHECK (lease_millis >= 0)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- Last: the existence of this row proves that all statements above have run.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
VALUES (1, 0, 0, 0, 1)
ON CONFLICT DO NOTHING;
