-- Keywright schema for H2. Each statement is idempotent.
--
-- Columns that identify keys are binary (UTF-8): bytes have no collation, padding or case. Instants are Unix
-- milliseconds: numbers have no time zone. H2 counts a character outside the basic plane as two: hence the lengths of VARCHAR.

CREATE TABLE IF NOT EXISTS keywright_key (
    id                VARBINARY(64)  NOT NULL,
    tenant            VARBINARY(512) NOT NULL,
    digest            BINARY(32)     NOT NULL,
    pepper            VARBINARY(32)  NOT NULL,
    name              VARCHAR(200)   NOT NULL,
    hint              VARCHAR(32)    NOT NULL,
    scopes            VARCHAR(6500)  NOT NULL,
    created_at        BIGINT         NOT NULL,
    created_by_kind   VARCHAR(16)    NOT NULL,
    created_by_name   VARBINARY(512) NOT NULL,
    expires_at        BIGINT,
    revoked_at        BIGINT,
    revoked_by_kind   VARCHAR(16),
    revoked_by_name   VARCHAR(256),
    revoked_reason    VARCHAR(400),
    insert_revision   BIGINT         NOT NULL,
    change_revision   BIGINT         NOT NULL,
    version           BIGINT         NOT NULL,
    predecessor       VARBINARY(64),
    successor         VARBINARY(64),
    format            VARBINARY(64)  NOT NULL,
    lifetime_millis   BIGINT,
    environment       VARCHAR(64),
    owner_kind        VARCHAR(16),
    owner_name        VARBINARY(512),
    description       VARCHAR(2000),
    attributes        VARCHAR(8000),
    issue_request     BINARY(32),
    suspended_at      BIGINT,
    suspended_by_kind VARCHAR(16),
    suspended_by_name VARCHAR(256),
    suspended_reason  VARCHAR(400),
    inactive_at       BIGINT,
    name_folded       VARBINARY(400) NOT NULL,
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
CREATE INDEX IF NOT EXISTS keywright_key_active ON keywright_key (tenant, revoked_at, expires_at, insert_revision);

-- For the revocation of all keys of one creator, and the list of those that are active.
CREATE INDEX IF NOT EXISTS keywright_key_creator ON keywright_key (tenant, created_by_name, revoked_at, created_at, insert_revision);

-- For the revocation of all keys of one owner, and the list of those that are active.
CREATE INDEX IF NOT EXISTS keywright_key_owner ON keywright_key (tenant, owner_name, revoked_at, created_at, insert_revision);

-- For repeated requests to issue a key.
CREATE INDEX IF NOT EXISTS keywright_key_request ON keywright_key (issue_request);

-- format is the prefix of an issued key, or "import:" and the prefix of an imported one.
CREATE INDEX IF NOT EXISTS keywright_key_origin ON keywright_key (pepper, format, revoked_at, expires_at);

-- inactive_at is the earlier of revoked_at and expires_at. An index on revoked_at itself would mislead the optimizer of H2,
-- which underestimates the number of rows without a value.
CREATE INDEX IF NOT EXISTS keywright_key_inactive ON keywright_key (inactive_at);

-- Usage of keys, and the shortest warning of their expiry that was claimed. Separate from the keys, since usage is written
-- often, and the row of a key only by management.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id                VARBINARY(64)  NOT NULL,
    last_used_at          BIGINT,
    use_count             BIGINT         NOT NULL,
    used_scopes           VARCHAR(65000),
    expiry_warning_millis BIGINT,
    CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)
);

-- Marks: revocations of all keys of a tenant. A key of the tenant that was inserted up to the revision revoked_upto and has no
-- revocation of its own has this one, until a sweep has stored it in the rows of the keys; then the mark is deleted. A sweep
-- locks the mark first, by incrementing sweeps.
CREATE TABLE IF NOT EXISTS keywright_tenant (
    tenant          VARBINARY(512) NOT NULL,
    revoked_upto    BIGINT         NOT NULL,
    revoked_at      BIGINT         NOT NULL,
    revoked_by_kind VARCHAR(16)    NOT NULL,
    revoked_by_name VARCHAR(256)   NOT NULL,
    revoked_reason  VARCHAR(400),
    sweeps          BIGINT         NOT NULL,
    CONSTRAINT keywright_tenant_id PRIMARY KEY (tenant)
);

-- Evictions that the change feed cannot find in the rows of keys: of a tenant (kind 1), and of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind     INT            NOT NULL,
    subject  VARBINARY(512) NOT NULL,
    revision BIGINT         NOT NULL,
    CONSTRAINT keywright_eviction_id PRIMARY KEY (kind, subject)
);

CREATE INDEX IF NOT EXISTS keywright_eviction_revision ON keywright_eviction (revision);

CREATE TABLE IF NOT EXISTS keywright_coherence (
    id             INT    NOT NULL,
    revision       BIGINT NOT NULL,
    lease_millis   INT    NOT NULL,
    marks          INT    NOT NULL,
    schema_version INT    NOT NULL,
    CONSTRAINT keywright_coherence_id PRIMARY KEY (id),
    CONSTRAINT keywright_coherence_one_row CHECK (id = 1),
    CONSTRAINT keywright_coherence_lease CHECK (lease_millis >= 0)
);

-- Last: the existence of this row proves that all statements above have run.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
SELECT 1, 0, 0, 0, 1 WHERE NOT EXISTS (SELECT 1 FROM keywright_coherence);
