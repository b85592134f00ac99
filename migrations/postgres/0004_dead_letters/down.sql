ALTER TABLE server_status DROP COLUMN caught_up_at;
ALTER TABLE server_status DROP COLUMN dead;
