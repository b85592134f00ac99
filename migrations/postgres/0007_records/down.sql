DROP INDEX player_map_totals_by_map;
DROP INDEX rounds_by_map;
DROP TABLE session_records;
