-- A person sets a file aside that lies on a game server and cannot be had, or is another one than the stored one.
ALTER TABLE remote_files DROP CONSTRAINT remote_files_state_check;
ALTER TABLE remote_files ADD CONSTRAINT remote_files_state_check
    CHECK (state IN ('waiting', 'failed', 'dead', 'conflict', 'same', 'ignored'));
