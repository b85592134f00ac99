DROP INDEX players_anonymous_number;
ALTER TABLE players DROP COLUMN anonymous_number;
