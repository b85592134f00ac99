-- Players who want to stay anonymous are shown by a number. It is kept here, so that it stays theirs whatever is
-- computed anew, imported or merged.
ALTER TABLE players ADD COLUMN anonymous_number INTEGER CHECK (anonymous_number > 0);
CREATE UNIQUE INDEX players_anonymous_number ON players (anonymous_number);
