-- Keywright schema for MySQL and MariaDB. Each statement is idempotent.
--
-- Columns that identify keys are binary (UTF-8): bytes have no collation, padding or case. Instants are Unix
-- milliseconds: numbers have no time zone. Tables set their character set, whatever the default of the server is.

CREATE TABLE IF NOT EXISTS keywright_key (
    id                VARBINARY(64)  NOT NULL,
    tenant            VARBINARY(512) NOT NULL,
    digest            BINARY(32)     NOT NULL,
    pepper            VARBINARY(32)  NOT NULL,
    name              VARCHAR(200)   NOT NULL,
    hint              VARCHAR(32)    NOT NULL,
    scopes            TEXT           NOT NULL,
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
    description       TEXT,
    attributes        TEXT,
    issue_request     BINARY(32),
    suspended_at      BIGINT,
    suspended_by_kind VARCHAR(16),
    suspended_by_name VARCHAR(256),
    suspended_reason  VARCHAR(400),
    inactive_at       BIGINT,
    name_folded       VARBINARY(400) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY keywright_key_digest (digest),
    KEY keywright_key_listing (tenant, created_at, insert_revision),
    -- For lists by name and by expiry, and the search for a hint.
    KEY keywright_key_name (tenant, name_folded, insert_revision),
    KEY keywright_key_expiry (tenant, expires_at, insert_revision),
    KEY keywright_key_hint (tenant, hint),
    -- For the change feed.
    KEY keywright_key_changed (change_revision, insert_revision),
    -- For the limit of active keys, and the revocation of all keys of a tenant.
    KEY keywright_key_active (tenant, revoked_at, expires_at, insert_revision),
    -- For the revocation of all keys of one creator, and the list of those that are active.
    KEY keywright_key_creator (tenant, created_by_name, revoked_at, created_at, insert_revision),
    -- For the revocation of all keys of one owner, and the list of those that are active.
    KEY keywright_key_owner (tenant, owner_name, revoked_at, created_at, insert_revision),
    -- For repeated requests to issue a key.
    KEY keywright_key_request (issue_request),
    -- format is the prefix of an issued key, or "import:" and the prefix of an imported one.
    KEY keywright_key_origin (pepper, format, revoked_at, expires_at),
    -- inactive_at is the earlier of revoked_at and expires_at.
    KEY keywright_key_inactive (inactive_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Usage of keys, and the shortest warning of their expiry that was claimed. Separate from the keys, since usage is written
-- often, and the row of a key only by management.
CREATE TABLE IF NOT EXISTS keywright_usage (
    key_id                VARBINARY(64) NOT NULL,
    last_used_at          BIGINT,
    use_count             BIGINT        NOT NULL,
    used_scopes           MEDIUMTEXT,
    expiry_warning_millis BIGINT,
    PRIMARY KEY (key_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

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
    PRIMARY KEY (tenant)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Evictions that the change feed cannot find in the rows of keys: of a tenant (kind 1), and of a deleted key (kind 0).
CREATE TABLE IF NOT EXISTS keywright_eviction (
    kind     INT            NOT NULL,
    subject  VARBINARY(512) NOT NULL,
    revision BIGINT         NOT NULL,
    PRIMARY KEY (kind, subject),
    KEY keywright_eviction_revision (revision)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS keywright_coherence (
    id             INT    NOT NULL,
    revision       BIGINT NOT NULL,
    lease_millis   INT    NOT NULL,
    marks          INT    NOT NULL,
    schema_version INT    NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT keywright_coherence_one_row CHECK (id = 1),
    CONSTRAINT keywright_coherence_lease CHECK (lease_millis >= 0)
) ENGINE = InnoDB;

-- Last: the existence of this row proves that all statements above have run.
INSERT INTO keywright_coherence (id, revision, lease_millis, marks, schema_version)
SELECT 1, 0, 0, 0, 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM keywright_coherence);
