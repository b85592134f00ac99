DROP INDEX rounds_by_map;
DROP TABLE session_records;
