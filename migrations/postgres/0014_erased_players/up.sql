-- Players who had themselves erased. Their files stay as they are, since the numbers are computed from them: so it has
-- to be known whose names are written as a pseudonym, whatever is imported or computed anew.
ALTER TABLE players ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX players_erased ON players (guid) WHERE erased;
-- Which server an entry is about, so that who sees some servers alone sees what was done there. None: players, or the
-- database as a whole. No key: the server may be gone, what was done to it stays told.
ALTER TABLE audit_log ADD COLUMN server_id INTEGER;
