UPDATE remote_files SET state = 'same' WHERE state = 'ignored';
ALTER TABLE remote_files DROP CONSTRAINT remote_files_state_check;
ALTER TABLE remote_files ADD CONSTRAINT remote_files_state_check
    CHECK (state IN ('waiting', 'failed', 'dead', 'conflict', 'same'));
