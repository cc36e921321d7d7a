-- A second version, as it might be, for tests alone.

ALTER TABLE keywright_key ADD COLUMN colour VARCHAR(20) DEFAULT 'green' NOT NULL;

CREATE INDEX keywright_key_colour ON keywright_key (colour);

CREATE TABLE keywright_note (
    key_id VARBINARY(64) NOT NULL,
    note   VARCHAR(20),
    CONSTRAINT keywright_note_id PRIMARY KEY (key_id)
);

-- Last of all.
UPDATE keywright_coherence SET schema_version = 2 WHERE schema_version < 2;
