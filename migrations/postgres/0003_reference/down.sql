DROP TABLE reference_aliases;
ALTER TABLE rounds DROP COLUMN source;
