UPDATE remote_files SET state = 'same' WHERE state = 'ignored';
CREATE TABLE remote_files_new (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    -- By the server's clock, seconds since 1970.
    mtime BIGINT NOT NULL,
    mode INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'dead', 'conflict', 'same')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    reason TEXT,
    first_seen_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, filename)
);
INSERT INTO remote_files_new
    (server_id, filename, size_bytes, mtime, mode, state, attempts, reason, first_seen_at, updated_at)
SELECT server_id, filename, size_bytes, mtime, mode, state, attempts, reason, first_seen_at, updated_at
FROM remote_files;
DROP TABLE remote_files;
ALTER TABLE remote_files_new RENAME TO remote_files;
