ALTER TABLE audit_log DROP COLUMN server_id;
DROP INDEX players_erased;
ALTER TABLE players DROP COLUMN erased;
