-- What reading needs. Why: an accuracy could not be summed, a board over all time read every line that there
-- is, and nothing told caches and posts what had changed.

-- Of the weapons that count for accuracy; NULL where a round has no weapon lines (taken over from the reference).
ALTER TABLE player_comprehensive_stats ADD COLUMN aimed_hits INTEGER CHECK (aimed_hits >= 0);
ALTER TABLE player_comprehensive_stats ADD COLUMN aimed_shots INTEGER CHECK (aimed_shots >= 0);
ALTER TABLE player_comprehensive_stats ADD COLUMN aimed_head_hits INTEGER CHECK (aimed_head_hits >= 0);
UPDATE player_comprehensive_stats SET
    aimed_hits = COALESCE((SELECT sum(w.hits) FROM weapon_stats w WHERE w.round_id = player_comprehensive_stats.round_id
        AND w.player_guid = player_comprehensive_stats.player_guid AND w.weapon_name IN ('BROWNING', 'CARBINE', 'COLT', 'FG42', 'GARAND', 'K43', 'KAR98', 'LUGER', 'MG42', 'MP34', 'MP40', 'STEN', 'THOMPSON')), 0),
    aimed_shots = COALESCE((SELECT sum(w.shots) FROM weapon_stats w WHERE w.round_id = player_comprehensive_stats.round_id
        AND w.player_guid = player_comprehensive_stats.player_guid AND w.weapon_name IN ('BROWNING', 'CARBINE', 'COLT', 'FG42', 'GARAND', 'K43', 'KAR98', 'LUGER', 'MG42', 'MP34', 'MP40', 'STEN', 'THOMPSON')), 0),
    aimed_head_hits = COALESCE((SELECT sum(w.headshots) FROM weapon_stats w
        WHERE w.round_id = player_comprehensive_stats.round_id
        AND w.player_guid = player_comprehensive_stats.player_guid AND w.weapon_name IN ('BROWNING', 'CARBINE', 'COLT', 'FG42', 'GARAND', 'K43', 'KAR98', 'LUGER', 'MG42', 'MP34', 'MP40', 'STEN', 'THOMPSON')), 0)
WHERE round_id IN (SELECT id FROM rounds WHERE source = 'file');

DROP VIEW player_match_stats;
CREATE VIEW player_match_stats AS
SELECT r.server_id, r.match_id, p.player_guid,
    count(*) AS rounds,
    sum(p.kills) AS kills, sum(p.deaths) AS deaths,
    sum(p.headshots) AS headshots, sum(p.headshot_kills) AS headshot_kills,
    sum(p.shots) AS shots, sum(p.hits) AS hits,
    sum(p.aimed_hits) AS aimed_hits, sum(p.aimed_shots) AS aimed_shots, sum(p.aimed_head_hits) AS aimed_head_hits,
    CASE WHEN sum(p.aimed_shots) IS NULL THEN NULL WHEN sum(p.aimed_shots) = 0 THEN 0.0
        WHEN sum(p.aimed_hits) >= sum(p.aimed_shots) THEN 100.0
        ELSE 100.0 * sum(p.aimed_hits) / sum(p.aimed_shots) END AS accuracy,
    CASE WHEN sum(p.deaths) = 0 THEN CAST(sum(p.kills) AS DOUBLE PRECISION)
        ELSE CAST(sum(p.kills) AS DOUBLE PRECISION) / sum(p.deaths) END AS kd_ratio,
    CASE WHEN sum(p.time_played_seconds) = 0 THEN 0.0
        ELSE 60.0 * sum(p.damage_given) / sum(p.time_played_seconds) END AS dpm,
    sum(p.damage_given) AS damage_given, sum(p.damage_received) AS damage_received,
    sum(p.team_damage_given) AS team_damage_given, sum(p.team_damage_received) AS team_damage_received,
    sum(p.gibs) AS gibs, sum(p.self_kills) AS self_kills,
    sum(p.team_kills) AS team_kills, sum(p.team_gibs) AS team_gibs,
    sum(p.time_played_seconds) AS time_played_seconds, sum(p.alive_seconds) AS alive_seconds,
    sum(p.time_dead_seconds) AS time_dead_seconds, sum(p.xp) AS xp,
    max(p.killing_spree_best) AS killing_spree_best, max(p.death_spree_worst) AS death_spree_worst,
    sum(p.kill_assists) AS kill_assists, sum(p.kill_steals) AS kill_steals,
    sum(p.objectives_stolen) AS objectives_stolen, sum(p.objectives_returned) AS objectives_returned,
    sum(p.dynamites_planted) AS dynamites_planted, sum(p.dynamites_defused) AS dynamites_defused,
    sum(p.times_revived) AS times_revived, sum(p.revives_given) AS revives_given,
    sum(p.bullets_fired) AS bullets_fired,
    sum(p.most_useful_kills) AS most_useful_kills, sum(p.useless_kills) AS useless_kills,
    sum(p.denied_playtime) AS denied_playtime,
    sum(p.double_kills) AS double_kills, sum(p.triple_kills) AS triple_kills,
    sum(p.quad_kills) AS quad_kills, sum(p.multi_kills) AS multi_kills, sum(p.mega_kills) AS mega_kills,
    sum(p.full_selfkills) AS full_selfkills, sum(p.constructions) AS constructions
FROM valid_rounds r
JOIN player_comprehensive_stats p ON p.round_id = r.id
WHERE r.match_state = 'complete'
GROUP BY r.server_id, r.match_id, p.player_guid;

-- Which database this is, how often it was changed, and which ids were ever given away.
CREATE TABLE database_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Another one after each restore and replacement.
    epoch TEXT NOT NULL,
    -- The last sequence in changes; it never goes back.
    head BIGINT NOT NULL CHECK (head >= 0),
    last_file INTEGER NOT NULL CHECK (last_file >= 0),
    last_round INTEGER NOT NULL CHECK (last_round >= 0),
    last_session INTEGER NOT NULL CHECK (last_session >= 0),
    last_server INTEGER NOT NULL CHECK (last_server >= 0)
);
INSERT INTO database_state
SELECT 1, CAST(md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text) AS TEXT), 0, COALESCE((SELECT max(id) FROM processed_files), 0),
    COALESCE((SELECT max(id) FROM rounds), 0), COALESCE((SELECT max(id) FROM gaming_sessions), 0),
    COALESCE((SELECT max(id) FROM servers), 0);

-- What was changed, in the order of commits. Without references: it tells of what is gone, too.
CREATE TABLE changes (
    sequence BIGINT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('import', 'verdict', 'teams', 'merge', 'unmerge', 'link', 'names', 'rebuild',
        'server', 'server_removed', 'restore')),
    server_id INTEGER,
    session_key TEXT,
    match_id TEXT,
    round TEXT,
    player_guid TEXT,
    changed_at TIMESTAMP NOT NULL
);

-- Lines that count: of valid rounds, neither bots nor spectators, each with the person whom it is counted as.
CREATE VIEW counted_lines AS
SELECT p.*, COALESCE(c.guid, p.player_guid) AS person, r.gaming_session_id AS session_id, r.map_name,
    CAST(floor(extract(epoch FROM r.ended_at)) AS BIGINT) AS ended
FROM rounds r
JOIN player_comprehensive_stats p ON p.round_id = r.id
LEFT JOIN players n ON n.guid = p.player_guid AND n.canonical_guid <> n.guid
LEFT JOIN players c ON c.guid = n.canonical_guid AND c.canonical_guid = c.guid
WHERE r.is_valid AND NOT p.is_bot AND p.team IN (1, 2);

-- What a decided match was for each member of its teams who has a line that counts in it.
CREATE VIEW counted_results AS
SELECT m.gaming_session_id AS session_id, m.map_name, m.match_id, t.player_guid AS person, t.team,
    CASE WHEN t.team = 'A' THEN m.points_a - m.points_b ELSE m.points_b - m.points_a END AS margin
FROM matches m
JOIN session_teams t ON t.session_id = m.gaming_session_id AND t.team IN ('A', 'B')
WHERE m.points_a IS NOT NULL AND EXISTS (SELECT 1 FROM counted_lines l WHERE l.session_id = m.gaming_session_id
    AND l.person = t.player_guid AND l.round_id IN (m.r1_round_id, m.r2_round_id));

-- The sums of a player over the lines of a session that count. A maximum is kept with when it was reached, in one
-- number that SQL can compare: value * 2^33 + (2^33 - 1 - seconds since 1970 at the end of the round).
CREATE TABLE player_session_totals (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    damage_given INTEGER NOT NULL,
    damage_received INTEGER NOT NULL,
    aimed_hits INTEGER NOT NULL,
    aimed_shots INTEGER NOT NULL,
    aimed_head_hits INTEGER NOT NULL,
    headshot_kills INTEGER,
    kills_beside_headshot_kills INTEGER NOT NULL,
    gibs INTEGER NOT NULL,
    self_kills INTEGER NOT NULL,
    team_kills INTEGER NOT NULL,
    team_gibs INTEGER NOT NULL,
    team_damage_given INTEGER NOT NULL,
    team_damage_received INTEGER NOT NULL,
    revives_given INTEGER,
    rounds_beside_revives INTEGER NOT NULL,
    times_revived INTEGER,
    objectives_stolen INTEGER,
    objectives_returned INTEGER,
    dynamites_planted INTEGER,
    dynamites_defused INTEGER,
    constructions INTEGER,
    multikills_2 INTEGER,
    multikills_3 INTEGER,
    multikills_4 INTEGER,
    multikills_5 INTEGER,
    multikills_6 INTEGER,
    grenade_kills INTEGER NOT NULL,
    grenade_hits INTEGER NOT NULL,
    grenade_throws INTEGER NOT NULL,
    grenade_rounds INTEGER NOT NULL,
    matches_won INTEGER NOT NULL,
    matches_drawn INTEGER NOT NULL,
    matches_lost INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    shots INTEGER NOT NULL,
    head_hits INTEGER NOT NULL,
    xp INTEGER,
    alive_ms BIGINT,
    seconds_beside_alive INTEGER NOT NULL,
    kill_assists INTEGER,
    kill_steals INTEGER,
    useful_kills INTEGER,
    kills_beside_useful INTEGER NOT NULL,
    useless_kills INTEGER,
    full_selfkills INTEGER,
    denied_seconds INTEGER,
    seconds_beside_denied INTEGER NOT NULL,
    best_spree BIGINT,
    worst_spree BIGINT,
    PRIMARY KEY (session_id, player_guid)
);
CREATE INDEX player_session_totals_by_player ON player_session_totals (player_guid, session_id);

-- The same by map.
CREATE TABLE player_map_totals (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    map_name TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    damage_given INTEGER NOT NULL,
    damage_received INTEGER NOT NULL,
    aimed_hits INTEGER NOT NULL,
    aimed_shots INTEGER NOT NULL,
    aimed_head_hits INTEGER NOT NULL,
    headshot_kills INTEGER,
    kills_beside_headshot_kills INTEGER NOT NULL,
    gibs INTEGER NOT NULL,
    self_kills INTEGER NOT NULL,
    team_kills INTEGER NOT NULL,
    team_gibs INTEGER NOT NULL,
    team_damage_given INTEGER NOT NULL,
    team_damage_received INTEGER NOT NULL,
    revives_given INTEGER,
    rounds_beside_revives INTEGER NOT NULL,
    times_revived INTEGER,
    objectives_stolen INTEGER,
    objectives_returned INTEGER,
    dynamites_planted INTEGER,
    dynamites_defused INTEGER,
    constructions INTEGER,
    multikills_2 INTEGER,
    multikills_3 INTEGER,
    multikills_4 INTEGER,
    multikills_5 INTEGER,
    multikills_6 INTEGER,
    grenade_kills INTEGER NOT NULL,
    grenade_hits INTEGER NOT NULL,
    grenade_throws INTEGER NOT NULL,
    grenade_rounds INTEGER NOT NULL,
    matches_won INTEGER NOT NULL,
    matches_drawn INTEGER NOT NULL,
    matches_lost INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    shots INTEGER NOT NULL,
    head_hits INTEGER NOT NULL,
    xp INTEGER,
    alive_ms BIGINT,
    seconds_beside_alive INTEGER NOT NULL,
    kill_assists INTEGER,
    kill_steals INTEGER,
    useful_kills INTEGER,
    kills_beside_useful INTEGER NOT NULL,
    useless_kills INTEGER,
    full_selfkills INTEGER,
    denied_seconds INTEGER,
    seconds_beside_denied INTEGER NOT NULL,
    best_spree BIGINT,
    worst_spree BIGINT,
    PRIMARY KEY (session_id, player_guid, map_name)
);

-- The same by weapon.
CREATE TABLE player_weapon_totals (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    weapon_name TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    headshots INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    shots INTEGER NOT NULL,
    PRIMARY KEY (session_id, player_guid, weapon_name)
);

-- The sums of a player over the sessions that began in a season (2025-Q4, by the server's calendar).
CREATE TABLE player_season_totals (
    player_guid TEXT NOT NULL,
    season TEXT NOT NULL,
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    evenings INTEGER NOT NULL,
    rounds INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    damage_given INTEGER NOT NULL,
    damage_received INTEGER NOT NULL,
    aimed_hits INTEGER NOT NULL,
    aimed_shots INTEGER NOT NULL,
    aimed_head_hits INTEGER NOT NULL,
    headshot_kills INTEGER,
    kills_beside_headshot_kills INTEGER NOT NULL,
    gibs INTEGER NOT NULL,
    self_kills INTEGER NOT NULL,
    team_kills INTEGER NOT NULL,
    team_gibs INTEGER NOT NULL,
    team_damage_given INTEGER NOT NULL,
    team_damage_received INTEGER NOT NULL,
    revives_given INTEGER,
    rounds_beside_revives INTEGER NOT NULL,
    times_revived INTEGER,
    objectives_stolen INTEGER,
    objectives_returned INTEGER,
    dynamites_planted INTEGER,
    dynamites_defused INTEGER,
    constructions INTEGER,
    multikills_2 INTEGER,
    multikills_3 INTEGER,
    multikills_4 INTEGER,
    multikills_5 INTEGER,
    multikills_6 INTEGER,
    grenade_kills INTEGER NOT NULL,
    grenade_hits INTEGER NOT NULL,
    grenade_throws INTEGER NOT NULL,
    grenade_rounds INTEGER NOT NULL,
    matches_won INTEGER NOT NULL,
    matches_drawn INTEGER NOT NULL,
    matches_lost INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    shots INTEGER NOT NULL,
    head_hits INTEGER NOT NULL,
    xp INTEGER,
    alive_ms BIGINT,
    seconds_beside_alive INTEGER NOT NULL,
    kill_assists INTEGER,
    kill_steals INTEGER,
    useful_kills INTEGER,
    kills_beside_useful INTEGER NOT NULL,
    useless_kills INTEGER,
    full_selfkills INTEGER,
    denied_seconds INTEGER,
    seconds_beside_denied INTEGER NOT NULL,
    best_spree BIGINT,
    worst_spree BIGINT,
    PRIMARY KEY (player_guid, season, server_id)
);

-- What the four tables must hold, computed from the lines: `dbadmin validate` compares.
CREATE VIEW player_session_sums AS
SELECT l.session_id, l.person AS player_guid,
    CAST(count(DISTINCT l.round_id) AS INTEGER) AS rounds,
    CAST(sum(l.kills) AS INTEGER) AS kills,
    CAST(sum(l.deaths) AS INTEGER) AS deaths,
    CAST(sum(l.time_played_seconds) AS INTEGER) AS seconds,
    CAST(sum(l.damage_given) AS INTEGER) AS damage_given,
    CAST(sum(l.damage_received) AS INTEGER) AS damage_received,
    CAST(COALESCE(sum(l.aimed_hits), 0) AS INTEGER) AS aimed_hits,
    CAST(COALESCE(sum(l.aimed_shots), 0) AS INTEGER) AS aimed_shots,
    CAST(COALESCE(sum(l.aimed_head_hits), 0) AS INTEGER) AS aimed_head_hits,
    CAST(sum(l.headshot_kills) AS INTEGER) AS headshot_kills,
    CAST(COALESCE(sum(CASE WHEN l.headshot_kills IS NOT NULL THEN l.kills END), 0) AS INTEGER) AS kills_beside_headshot_kills,
    CAST(sum(l.gibs) AS INTEGER) AS gibs,
    CAST(sum(l.self_kills) AS INTEGER) AS self_kills,
    CAST(sum(l.team_kills) AS INTEGER) AS team_kills,
    CAST(sum(l.team_gibs) AS INTEGER) AS team_gibs,
    CAST(sum(l.team_damage_given) AS INTEGER) AS team_damage_given,
    CAST(sum(l.team_damage_received) AS INTEGER) AS team_damage_received,
    CAST(sum(l.revives_given) AS INTEGER) AS revives_given,
    CAST(COALESCE(sum(CASE WHEN l.revives_given IS NOT NULL THEN 1 END), 0) AS INTEGER) AS rounds_beside_revives,
    CAST(sum(l.times_revived) AS INTEGER) AS times_revived,
    CAST(sum(l.objectives_stolen) AS INTEGER) AS objectives_stolen,
    CAST(sum(l.objectives_returned) AS INTEGER) AS objectives_returned,
    CAST(sum(l.dynamites_planted) AS INTEGER) AS dynamites_planted,
    CAST(sum(l.dynamites_defused) AS INTEGER) AS dynamites_defused,
    CAST(sum(l.constructions) AS INTEGER) AS constructions,
    CAST(sum(l.double_kills) AS INTEGER) AS multikills_2,
    CAST(sum(l.triple_kills) AS INTEGER) AS multikills_3,
    CAST(sum(l.quad_kills) AS INTEGER) AS multikills_4,
    CAST(sum(l.multi_kills) AS INTEGER) AS multikills_5,
    CAST(sum(l.mega_kills) AS INTEGER) AS multikills_6,
    CAST(COALESCE(sum(g.kills), 0) AS INTEGER) AS grenade_kills,
    CAST(COALESCE(sum(g.hits), 0) AS INTEGER) AS grenade_hits,
    CAST(COALESCE(sum(g.shots), 0) AS INTEGER) AS grenade_throws,
    CAST(COALESCE(sum(CASE WHEN g.round_id IS NOT NULL THEN 1 END), 0) AS INTEGER) AS grenade_rounds,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person
        AND r.margin > 0) AS INTEGER) AS matches_won,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person
        AND r.margin = 0) AS INTEGER) AS matches_drawn,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person
        AND r.margin < 0) AS INTEGER) AS matches_lost,
    CAST(sum(l.hits) AS INTEGER) AS hits,
    CAST(sum(l.shots) AS INTEGER) AS shots,
    CAST(sum(l.headshots) AS INTEGER) AS head_hits,
    CAST(sum(l.xp) AS INTEGER) AS xp,
    CAST(sum(CAST(floor(1000 * l.alive_seconds + 0.5) AS BIGINT)) AS BIGINT) AS alive_ms,
    CAST(COALESCE(sum(CASE WHEN l.alive_seconds IS NOT NULL THEN l.time_played_seconds END), 0) AS INTEGER) AS seconds_beside_alive,
    CAST(sum(l.kill_assists) AS INTEGER) AS kill_assists,
    CAST(sum(l.kill_steals) AS INTEGER) AS kill_steals,
    CAST(sum(l.most_useful_kills) AS INTEGER) AS useful_kills,
    CAST(COALESCE(sum(CASE WHEN l.most_useful_kills IS NOT NULL THEN l.kills END), 0) AS INTEGER) AS kills_beside_useful,
    CAST(sum(l.useless_kills) AS INTEGER) AS useless_kills,
    CAST(sum(l.full_selfkills) AS INTEGER) AS full_selfkills,
    CAST(sum(l.denied_playtime) AS INTEGER) AS denied_seconds,
    CAST(COALESCE(sum(CASE WHEN l.denied_playtime IS NOT NULL THEN l.time_played_seconds END), 0) AS INTEGER) AS seconds_beside_denied,
    max(CAST(l.killing_spree_best AS BIGINT) * 8589934592 + (8589934591 - l.ended)) AS best_spree,
    max(CAST(l.death_spree_worst AS BIGINT) * 8589934592 + (8589934591 - l.ended)) AS worst_spree
FROM counted_lines l
LEFT JOIN weapon_stats g ON g.round_id = l.round_id AND g.weapon_name = 'GRENADE' AND g.player_guid = l.player_guid
GROUP BY l.session_id, l.person;

CREATE VIEW player_map_sums AS
SELECT l.session_id, l.person AS player_guid, l.map_name,
    CAST(count(DISTINCT l.round_id) AS INTEGER) AS rounds,
    CAST(sum(l.kills) AS INTEGER) AS kills,
    CAST(sum(l.deaths) AS INTEGER) AS deaths,
    CAST(sum(l.time_played_seconds) AS INTEGER) AS seconds,
    CAST(sum(l.damage_given) AS INTEGER) AS damage_given,
    CAST(sum(l.damage_received) AS INTEGER) AS damage_received,
    CAST(COALESCE(sum(l.aimed_hits), 0) AS INTEGER) AS aimed_hits,
    CAST(COALESCE(sum(l.aimed_shots), 0) AS INTEGER) AS aimed_shots,
    CAST(COALESCE(sum(l.aimed_head_hits), 0) AS INTEGER) AS aimed_head_hits,
    CAST(sum(l.headshot_kills) AS INTEGER) AS headshot_kills,
    CAST(COALESCE(sum(CASE WHEN l.headshot_kills IS NOT NULL THEN l.kills END), 0) AS INTEGER) AS kills_beside_headshot_kills,
    CAST(sum(l.gibs) AS INTEGER) AS gibs,
    CAST(sum(l.self_kills) AS INTEGER) AS self_kills,
    CAST(sum(l.team_kills) AS INTEGER) AS team_kills,
    CAST(sum(l.team_gibs) AS INTEGER) AS team_gibs,
    CAST(sum(l.team_damage_given) AS INTEGER) AS team_damage_given,
    CAST(sum(l.team_damage_received) AS INTEGER) AS team_damage_received,
    CAST(sum(l.revives_given) AS INTEGER) AS revives_given,
    CAST(COALESCE(sum(CASE WHEN l.revives_given IS NOT NULL THEN 1 END), 0) AS INTEGER) AS rounds_beside_revives,
    CAST(sum(l.times_revived) AS INTEGER) AS times_revived,
    CAST(sum(l.objectives_stolen) AS INTEGER) AS objectives_stolen,
    CAST(sum(l.objectives_returned) AS INTEGER) AS objectives_returned,
    CAST(sum(l.dynamites_planted) AS INTEGER) AS dynamites_planted,
    CAST(sum(l.dynamites_defused) AS INTEGER) AS dynamites_defused,
    CAST(sum(l.constructions) AS INTEGER) AS constructions,
    CAST(sum(l.double_kills) AS INTEGER) AS multikills_2,
    CAST(sum(l.triple_kills) AS INTEGER) AS multikills_3,
    CAST(sum(l.quad_kills) AS INTEGER) AS multikills_4,
    CAST(sum(l.multi_kills) AS INTEGER) AS multikills_5,
    CAST(sum(l.mega_kills) AS INTEGER) AS multikills_6,
    CAST(COALESCE(sum(g.kills), 0) AS INTEGER) AS grenade_kills,
    CAST(COALESCE(sum(g.hits), 0) AS INTEGER) AS grenade_hits,
    CAST(COALESCE(sum(g.shots), 0) AS INTEGER) AS grenade_throws,
    CAST(COALESCE(sum(CASE WHEN g.round_id IS NOT NULL THEN 1 END), 0) AS INTEGER) AS grenade_rounds,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person AND r.map_name = l.map_name
        AND r.margin > 0) AS INTEGER) AS matches_won,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person AND r.map_name = l.map_name
        AND r.margin = 0) AS INTEGER) AS matches_drawn,
    CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = l.session_id AND r.person = l.person AND r.map_name = l.map_name
        AND r.margin < 0) AS INTEGER) AS matches_lost,
    CAST(sum(l.hits) AS INTEGER) AS hits,
    CAST(sum(l.shots) AS INTEGER) AS shots,
    CAST(sum(l.headshots) AS INTEGER) AS head_hits,
    CAST(sum(l.xp) AS INTEGER) AS xp,
    CAST(sum(CAST(floor(1000 * l.alive_seconds + 0.5) AS BIGINT)) AS BIGINT) AS alive_ms,
    CAST(COALESCE(sum(CASE WHEN l.alive_seconds IS NOT NULL THEN l.time_played_seconds END), 0) AS INTEGER) AS seconds_beside_alive,
    CAST(sum(l.kill_assists) AS INTEGER) AS kill_assists,
    CAST(sum(l.kill_steals) AS INTEGER) AS kill_steals,
    CAST(sum(l.most_useful_kills) AS INTEGER) AS useful_kills,
    CAST(COALESCE(sum(CASE WHEN l.most_useful_kills IS NOT NULL THEN l.kills END), 0) AS INTEGER) AS kills_beside_useful,
    CAST(sum(l.useless_kills) AS INTEGER) AS useless_kills,
    CAST(sum(l.full_selfkills) AS INTEGER) AS full_selfkills,
    CAST(sum(l.denied_playtime) AS INTEGER) AS denied_seconds,
    CAST(COALESCE(sum(CASE WHEN l.denied_playtime IS NOT NULL THEN l.time_played_seconds END), 0) AS INTEGER) AS seconds_beside_denied,
    max(CAST(l.killing_spree_best AS BIGINT) * 8589934592 + (8589934591 - l.ended)) AS best_spree,
    max(CAST(l.death_spree_worst AS BIGINT) * 8589934592 + (8589934591 - l.ended)) AS worst_spree
FROM counted_lines l
LEFT JOIN weapon_stats g ON g.round_id = l.round_id AND g.weapon_name = 'GRENADE' AND g.player_guid = l.player_guid
GROUP BY l.session_id, l.person, l.map_name;

CREATE VIEW player_weapon_sums AS
SELECT l.session_id, l.person AS player_guid, w.weapon_name,
    CAST(count(DISTINCT l.round_id) AS INTEGER) AS rounds,
    CAST(sum(w.kills) AS INTEGER) AS kills,
    CAST(sum(w.deaths) AS INTEGER) AS deaths,
    CAST(sum(w.headshots) AS INTEGER) AS headshots,
    CAST(sum(w.hits) AS INTEGER) AS hits,
    CAST(sum(w.shots) AS INTEGER) AS shots
FROM counted_lines l
JOIN weapon_stats w ON w.round_id = l.round_id AND w.player_guid = l.player_guid
GROUP BY l.session_id, l.person, w.weapon_name;

CREATE VIEW player_season_sums AS
SELECT t.player_guid, substr(s.session_key, 1, 4) || '-Q' || CAST((CAST(substr(s.session_key, 6, 2) AS INTEGER) + 2) / 3 AS TEXT) AS season,
    s.server_id, CAST(count(*) AS INTEGER) AS evenings,
    CAST(sum(t.rounds) AS INTEGER) AS rounds,
    CAST(sum(t.kills) AS INTEGER) AS kills,
    CAST(sum(t.deaths) AS INTEGER) AS deaths,
    CAST(sum(t.seconds) AS INTEGER) AS seconds,
    CAST(sum(t.damage_given) AS INTEGER) AS damage_given,
    CAST(sum(t.damage_received) AS INTEGER) AS damage_received,
    CAST(sum(t.aimed_hits) AS INTEGER) AS aimed_hits,
    CAST(sum(t.aimed_shots) AS INTEGER) AS aimed_shots,
    CAST(sum(t.aimed_head_hits) AS INTEGER) AS aimed_head_hits,
    CAST(sum(t.headshot_kills) AS INTEGER) AS headshot_kills,
    CAST(sum(t.kills_beside_headshot_kills) AS INTEGER) AS kills_beside_headshot_kills,
    CAST(sum(t.gibs) AS INTEGER) AS gibs,
    CAST(sum(t.self_kills) AS INTEGER) AS self_kills,
    CAST(sum(t.team_kills) AS INTEGER) AS team_kills,
    CAST(sum(t.team_gibs) AS INTEGER) AS team_gibs,
    CAST(sum(t.team_damage_given) AS INTEGER) AS team_damage_given,
    CAST(sum(t.team_damage_received) AS INTEGER) AS team_damage_received,
    CAST(sum(t.revives_given) AS INTEGER) AS revives_given,
    CAST(sum(t.rounds_beside_revives) AS INTEGER) AS rounds_beside_revives,
    CAST(sum(t.times_revived) AS INTEGER) AS times_revived,
    CAST(sum(t.objectives_stolen) AS INTEGER) AS objectives_stolen,
    CAST(sum(t.objectives_returned) AS INTEGER) AS objectives_returned,
    CAST(sum(t.dynamites_planted) AS INTEGER) AS dynamites_planted,
    CAST(sum(t.dynamites_defused) AS INTEGER) AS dynamites_defused,
    CAST(sum(t.constructions) AS INTEGER) AS constructions,
    CAST(sum(t.multikills_2) AS INTEGER) AS multikills_2,
    CAST(sum(t.multikills_3) AS INTEGER) AS multikills_3,
    CAST(sum(t.multikills_4) AS INTEGER) AS multikills_4,
    CAST(sum(t.multikills_5) AS INTEGER) AS multikills_5,
    CAST(sum(t.multikills_6) AS INTEGER) AS multikills_6,
    CAST(sum(t.grenade_kills) AS INTEGER) AS grenade_kills,
    CAST(sum(t.grenade_hits) AS INTEGER) AS grenade_hits,
    CAST(sum(t.grenade_throws) AS INTEGER) AS grenade_throws,
    CAST(sum(t.grenade_rounds) AS INTEGER) AS grenade_rounds,
    CAST(sum(t.matches_won) AS INTEGER) AS matches_won,
    CAST(sum(t.matches_drawn) AS INTEGER) AS matches_drawn,
    CAST(sum(t.matches_lost) AS INTEGER) AS matches_lost,
    CAST(sum(t.hits) AS INTEGER) AS hits,
    CAST(sum(t.shots) AS INTEGER) AS shots,
    CAST(sum(t.head_hits) AS INTEGER) AS head_hits,
    CAST(sum(t.xp) AS INTEGER) AS xp,
    CAST(sum(t.alive_ms) AS BIGINT) AS alive_ms,
    CAST(sum(t.seconds_beside_alive) AS INTEGER) AS seconds_beside_alive,
    CAST(sum(t.kill_assists) AS INTEGER) AS kill_assists,
    CAST(sum(t.kill_steals) AS INTEGER) AS kill_steals,
    CAST(sum(t.useful_kills) AS INTEGER) AS useful_kills,
    CAST(sum(t.kills_beside_useful) AS INTEGER) AS kills_beside_useful,
    CAST(sum(t.useless_kills) AS INTEGER) AS useless_kills,
    CAST(sum(t.full_selfkills) AS INTEGER) AS full_selfkills,
    CAST(sum(t.denied_seconds) AS INTEGER) AS denied_seconds,
    CAST(sum(t.seconds_beside_denied) AS INTEGER) AS seconds_beside_denied,
    max(t.best_spree) AS best_spree,
    max(t.worst_spree) AS worst_spree
FROM gaming_sessions s
JOIN player_session_totals t ON t.session_id = s.id
GROUP BY substr(s.session_key, 1, 4) || '-Q' || CAST((CAST(substr(s.session_key, 6, 2) AS INTEGER) + 2) / 3 AS TEXT), s.server_id, t.player_guid;

INSERT INTO player_session_totals SELECT * FROM player_session_sums;
INSERT INTO player_map_totals SELECT * FROM player_map_sums;
INSERT INTO player_weapon_totals SELECT * FROM player_weapon_sums;
INSERT INTO player_season_totals SELECT * FROM player_season_sums;

-- Sessions of a period, on whatever server: by the day on which they began.
CREATE INDEX gaming_sessions_by_key ON gaming_sessions (session_key);
