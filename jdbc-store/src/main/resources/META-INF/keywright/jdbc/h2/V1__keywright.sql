-- Keywright on H2. Each statement may be run again, and then changes nothing.
--
-- What keys are found by is kept as bytes (UTF-8), since bytes have no collation, no padding and no case. Instants are
-- Unix milliseconds, since numbers have no time zone. H2 counts a character outside the basic plane as two: hence the
-- lengths of the texts.

CREATE TABLE IF NOT EXISTS keywright_key (
    id              VARBINARY(64)  NOT NULL,
    tenant          VARBINARY(512) NOT NULL,
    digest          BINARY(32)     NOT NULL,
    pepper          VARBINARY(32)  NOT NULL,
    name            VARCHAR(200)   NOT NULL,
    hint            VARCHAR(32)    NOT NULL,
    scopes          VARCHAR(6500)  NOT NULL,
    created_at      BIGINT         NOT NULL,
    created_by_kind VARCHAR(16)    NOT NULL,
    created_by_name VARBINARY(512) NOT NULL,
    expires_at         BIGINT,
    revoked_at      BIGINT,
    revoked_by_kind VARCHAR(16),
    revoked_by_name VARCHAR(256),
    revoked_reason  VARCHAR(400),
    insert_revision     BIGINT         NOT NULL,
    change_revision      BIGINT         NOT NULL,
    version         BIGINT         NOT NULL,
    predecessor     VARBINARY(64),
    successor       VARBINARY(64),
    imported_as     VARBINARY(32) NOT NULL,
    lifetime_millis BIGINT,
    inactive_at        BIGINT,
    CONSTRAINT keywright_key_id PRIMARY KEY (id),
    CONSTRAINT keywright_key_digest UNIQUE (digest)
);

CREATE INDEX IF NOT EXISTS keywright_key_listing ON keywright_key (tenant, created_at, insert_revision);

-- For the polls of nodes with a cache.
CREATE INDEX IF NOT EXISTS keywright_key_changed ON keywright_key (change_revision, insert_revision);

-- For the limit of active keys, and for a revocation of all keys of a tenant.
CREATE INDEX IF NOT EXISTS keywright_key_active ON keywright_key (tenant, revoked_at, expires_at, insert_revision);

-- For a revocation of all keys that one actor created.
CREATE INDEX IF NOT EXISTS keywright_key_creator ON keywright_key (tenant, created_by_name, revoked_at, insert_revision);

CREATE INDEX IF NOT EXISTS keywright_key_origin ON keywright_key (pepper, imported_as, revoked_at, expires_at);

-- When a key ended or will end: the first of revoked_at and expires_at. An index on revoked_at itself would mislead H2, which
-- takes the many rows that have none for few.
CREATE INDEX IF NOT EXISTS keywright_key_inactive ON keywright_key (inactive_at);

-- How keys were used, and whether it was told that they end: apart, since this is written all the time, and the row of a
-- key only when somebody means to change it.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id       VARBINARY(64) NOT NULL,
    last_used_at BIGINT,
    use_count    BIGINT        NOT NULL,
    used_scopes  VARCHAR(65000),
    expiry_notified_at  BIGINT,
    CONSTRAINT keywright_usage_id PRIMARY KEY (key_id)
);

-- The tenants whose keys are being revoked all at once: every key of the tenant that was inserted up to this revision and has no
-- revocation of its own has this one, until that is written into the rows of the keys; then this row goes. Who works on these
-- keys locks this row first, by adding one to sweeps.
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

-- The evictions that no row of a key tells nodes with a cache: of a tenant (kind 1), or of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind            INT            NOT NULL,
    subject         VARBINARY(512) NOT NULL,
    revision        BIGINT         NOT NULL,
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

-- Last of all: where this row is, everything above is too.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
SELECT 1, 0, 0, 0, 1 WHERE NOT EXISTS (SELECT 1 FROM keywright_coherence);
