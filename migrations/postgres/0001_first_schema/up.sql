-- The first schema. Why: the relations of docs/SCHEMA.md; every statistic is computed from
-- valid_rounds, everything derived can be recomputed from processed_files.content.

CREATE TABLE servers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    timezone TEXT NOT NULL
);

CREATE TABLE processed_files (
    id INTEGER PRIMARY KEY,
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('stats', 'endstats')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    mtime TIMESTAMP,
    content BYTEA,
    state TEXT NOT NULL CHECK (state IN ('imported', 'waiting', 'failed', 'ignored')),
    attempts INTEGER NOT NULL DEFAULT 1 CHECK (attempts >= 0),
    success BOOLEAN NOT NULL,
    error_message TEXT,
    parser_version INTEGER NOT NULL,
    first_seen_at TIMESTAMP NOT NULL,
    processed_at TIMESTAMP,
    UNIQUE (server_id, filename),
    CHECK (success = (state = 'imported')),
    CHECK (content IS NOT NULL OR state <> 'imported')
);
-- health, files failed|waiting: few rows among many imported ones.
CREATE INDEX processed_files_trouble ON processed_files (state) WHERE state <> 'imported';

CREATE TABLE gaming_sessions (
    id INTEGER PRIMARY KEY,
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    -- The first round's stamp, map and number: survives renumbering and re-import.
    session_key TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    rounds INTEGER NOT NULL CHECK (rounds > 0),
    valid_rounds INTEGER NOT NULL CHECK (valid_rounds >= 0),
    matches INTEGER NOT NULL CHECK (matches >= 0),
    players INTEGER NOT NULL CHECK (players >= 0),
    score_a INTEGER NOT NULL CHECK (score_a >= 0),
    score_b INTEGER NOT NULL CHECK (score_b >= 0),
    team_confidence TEXT NOT NULL CHECK (team_confidence IN ('high', 'medium', 'low')),
    mvp_guid TEXT,
    UNIQUE (server_id, session_key),
    CHECK (ended_at >= started_at),
    CHECK (valid_rounds <= rounds)
);
CREATE INDEX gaming_sessions_by_time ON gaming_sessions (server_id, started_at);

CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    file_id INTEGER NOT NULL UNIQUE REFERENCES processed_files (id) ON DELETE CASCADE,
    server_stamp TEXT NOT NULL,
    round_date TEXT NOT NULL,
    round_time TEXT NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    match_id TEXT NOT NULL,
    map_name TEXT NOT NULL,
    config_name TEXT NOT NULL,
    round_number INTEGER NOT NULL CHECK (round_number IN (1, 2)),
    gaming_session_id INTEGER NOT NULL REFERENCES gaming_sessions (id),
    defender_team INTEGER NOT NULL CHECK (defender_team IN (1, 2)),
    winner_team INTEGER CHECK (winner_team IN (1, 2)),
    round_outcome TEXT NOT NULL CHECK (round_outcome IN ('completed', 'fullhold', 'unknown')),
    time_limit_seconds INTEGER NOT NULL CHECK (time_limit_seconds >= 0),
    next_time_limit_seconds INTEGER NOT NULL CHECK (next_time_limit_seconds >= 0),
    actual_time_seconds INTEGER CHECK (actual_time_seconds >= 0),
    duration_source TEXT NOT NULL
        CHECK (duration_source IN ('play_time', 'objective_time', 'time_limit', 'player_time', 'unknown')),
    match_state TEXT NOT NULL CHECK (match_state IN ('complete', 'abandoned_r1', 'orphan_r2')),
    round_status TEXT NOT NULL
        CHECK (round_status IN ('completed', 'cancelled', 'substitution', 'aborted', 'orphan_r2')),
    is_valid BOOLEAN NOT NULL,
    invalid_reasons TEXT NOT NULL,
    mvp_guid TEXT,
    player_count INTEGER NOT NULL CHECK (player_count >= 0),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (server_id, server_stamp, map_name, round_number),
    CHECK (is_valid = (invalid_reasons = '')),
    CHECK (winner_team IS NOT NULL OR round_outcome = 'unknown')
);
CREATE INDEX rounds_by_time ON rounds (server_id, ended_at);
CREATE INDEX rounds_by_session ON rounds (gaming_session_id);
CREATE INDEX rounds_by_match ON rounds (match_id);

CREATE TABLE player_comprehensive_stats (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    player_name TEXT NOT NULL,
    clean_name TEXT NOT NULL,
    is_bot BOOLEAN NOT NULL,
    team INTEGER NOT NULL CHECK (team BETWEEN 0 AND 3),
    differential_class TEXT NOT NULL CHECK (differential_class IN ('round1', 'ok', 'joined', 'reset', 'orphan')),
    kills INTEGER NOT NULL CHECK (kills >= 0),
    deaths INTEGER NOT NULL CHECK (deaths >= 0),
    headshots INTEGER NOT NULL CHECK (headshots >= 0),
    headshot_kills INTEGER CHECK (headshot_kills >= 0),
    shots INTEGER NOT NULL CHECK (shots >= 0),
    hits INTEGER NOT NULL CHECK (hits >= 0),
    accuracy DOUBLE PRECISION NOT NULL CHECK (accuracy BETWEEN 0 AND 100),
    kd_ratio DOUBLE PRECISION NOT NULL CHECK (kd_ratio >= 0),
    efficiency DOUBLE PRECISION NOT NULL CHECK (efficiency BETWEEN 0 AND 100),
    dpm DOUBLE PRECISION NOT NULL CHECK (dpm >= 0),
    damage_given INTEGER NOT NULL CHECK (damage_given >= 0),
    damage_received INTEGER NOT NULL CHECK (damage_received >= 0),
    team_damage_given INTEGER NOT NULL CHECK (team_damage_given >= 0),
    team_damage_received INTEGER NOT NULL CHECK (team_damage_received >= 0),
    gibs INTEGER NOT NULL CHECK (gibs >= 0),
    self_kills INTEGER NOT NULL CHECK (self_kills >= 0),
    team_kills INTEGER NOT NULL CHECK (team_kills >= 0),
    team_gibs INTEGER NOT NULL CHECK (team_gibs >= 0),
    time_played_seconds INTEGER NOT NULL CHECK (time_played_seconds >= 0),
    time_played_minutes DOUBLE PRECISION NOT NULL CHECK (time_played_minutes >= 0),
    alive_seconds DOUBLE PRECISION CHECK (alive_seconds >= 0),
    time_dead_seconds DOUBLE PRECISION CHECK (time_dead_seconds >= 0),
    time_dead_ratio DOUBLE PRECISION CHECK (time_dead_ratio BETWEEN 0 AND 100),
    time_dead_minutes DOUBLE PRECISION,
    xp INTEGER,
    killing_spree_best INTEGER CHECK (killing_spree_best >= 0),
    death_spree_worst INTEGER CHECK (death_spree_worst >= 0),
    kill_assists INTEGER CHECK (kill_assists >= 0),
    kill_steals INTEGER CHECK (kill_steals >= 0),
    objectives_stolen INTEGER CHECK (objectives_stolen >= 0),
    objectives_returned INTEGER CHECK (objectives_returned >= 0),
    dynamites_planted INTEGER CHECK (dynamites_planted >= 0),
    dynamites_defused INTEGER CHECK (dynamites_defused >= 0),
    times_revived INTEGER CHECK (times_revived >= 0),
    revives_given INTEGER CHECK (revives_given >= 0),
    bullets_fired INTEGER NOT NULL CHECK (bullets_fired >= 0),
    tank_meatshield DOUBLE PRECISION NOT NULL CHECK (tank_meatshield >= 0),
    most_useful_kills INTEGER CHECK (most_useful_kills >= 0),
    useless_kills INTEGER CHECK (useless_kills >= 0),
    denied_playtime INTEGER CHECK (denied_playtime >= 0),
    double_kills INTEGER CHECK (double_kills >= 0),
    triple_kills INTEGER CHECK (triple_kills >= 0),
    quad_kills INTEGER CHECK (quad_kills >= 0),
    multi_kills INTEGER CHECK (multi_kills >= 0),
    mega_kills INTEGER CHECK (mega_kills >= 0),
    full_selfkills INTEGER CHECK (full_selfkills >= 0),
    constructions INTEGER CHECK (constructions >= 0),
    PRIMARY KEY (round_id, player_guid)
);
-- A player's profile and history.
CREATE INDEX player_stats_by_player ON player_comprehensive_stats (player_guid, round_id);

CREATE TABLE weapon_stats (
    round_id INTEGER NOT NULL,
    player_guid TEXT NOT NULL,
    weapon_name TEXT NOT NULL,
    kills INTEGER NOT NULL CHECK (kills >= 0),
    deaths INTEGER NOT NULL CHECK (deaths >= 0),
    headshots INTEGER NOT NULL CHECK (headshots >= 0),
    hits INTEGER NOT NULL CHECK (hits >= 0),
    shots INTEGER NOT NULL CHECK (shots >= 0),
    accuracy DOUBLE PRECISION NOT NULL CHECK (accuracy BETWEEN 0 AND 100),
    PRIMARY KEY (round_id, weapon_name, player_guid),
    FOREIGN KEY (round_id, player_guid) REFERENCES player_comprehensive_stats (round_id, player_guid)
        ON DELETE CASCADE,
    CHECK (hits <= shots OR weapon_name NOT IN ('LUGER', 'COLT', 'MP40', 'THOMPSON', 'STEN', 'FG42', 'MG42',
        'BROWNING', 'CARBINE', 'KAR98', 'GARAND', 'K43', 'MP34'))
);

CREATE TABLE matches (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    match_id TEXT NOT NULL,
    map_name TEXT NOT NULL,
    gaming_session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    r1_round_id INTEGER REFERENCES rounds (id) ON DELETE CASCADE,
    r2_round_id INTEGER REFERENCES rounds (id) ON DELETE CASCADE,
    match_state TEXT NOT NULL CHECK (match_state IN ('complete', 'abandoned_r1', 'orphan_r2')),
    points_r1_attackers INTEGER CHECK (points_r1_attackers BETWEEN 0 AND 2),
    points_r2_attackers INTEGER CHECK (points_r2_attackers BETWEEN 0 AND 2),
    team_a_r1_side INTEGER CHECK (team_a_r1_side IN (1, 2)),
    points_a INTEGER CHECK (points_a BETWEEN 0 AND 2),
    points_b INTEGER CHECK (points_b BETWEEN 0 AND 2),
    undecided_reason TEXT,
    PRIMARY KEY (server_id, match_id),
    CHECK (r1_round_id IS NOT NULL OR r2_round_id IS NOT NULL),
    CHECK ((points_a IS NULL) = (points_b IS NULL))
);
CREATE INDEX matches_by_session ON matches (gaming_session_id);
CREATE INDEX matches_by_r1 ON matches (r1_round_id);
CREATE INDEX matches_by_r2 ON matches (r2_round_id);

CREATE TABLE session_teams (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    team TEXT NOT NULL CHECK (team IN ('A', 'B', 'ambiguous')),
    source TEXT NOT NULL CHECK (source IN ('detected', 'manual')),
    team_name TEXT,
    PRIMARY KEY (session_id, player_guid, source)
);

CREATE TABLE players (
    guid TEXT PRIMARY KEY,
    canonical_guid TEXT NOT NULL,
    display_name TEXT NOT NULL,
    chosen_name TEXT,
    privacy TEXT NOT NULL DEFAULT 'public' CHECK (privacy IN ('anonymous', 'private', 'public')),
    is_bot BOOLEAN NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL
);

CREATE TABLE player_aliases (
    guid TEXT NOT NULL,
    alias TEXT NOT NULL,
    times_seen INTEGER NOT NULL CHECK (times_seen > 0),
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL,
    PRIMARY KEY (guid, alias),
    CHECK (first_seen <= last_seen)
);

CREATE TABLE player_links (
    discord_user_id BIGINT PRIMARY KEY,
    player_guid TEXT NOT NULL UNIQUE,
    linked_at TIMESTAMP NOT NULL,
    proof TEXT NOT NULL
);

CREATE TABLE validation_findings (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    "check" TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
    player_guid TEXT,
    message TEXT NOT NULL,
    expected TEXT NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (round_id, number)
);

-- Verdicts of people. Keyed by what the server wrote, so that re-import and rebuild keep them.
CREATE TABLE round_overrides (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    server_stamp TEXT NOT NULL,
    map_name TEXT NOT NULL,
    round_number INTEGER NOT NULL CHECK (round_number IN (1, 2)),
    verdict TEXT NOT NULL CHECK (verdict IN ('valid', 'cancelled', 'ignore')),
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, server_stamp, map_name, round_number)
);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    channel_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'parked')),
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_until TIMESTAMP,
    message_id BIGINT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (kind, subject, channel_id)
);

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    happened_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    result TEXT NOT NULL
);

CREATE TABLE ratings (
    player_guid TEXT NOT NULL,
    rating TEXT NOT NULL,
    version INTEGER NOT NULL,
    match_id TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    uncertainty DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (player_guid, rating, version, match_id)
);

CREATE TABLE guild_settings (
    guild_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (guild_id, key)
);

CREATE VIEW valid_rounds AS SELECT * FROM rounds WHERE is_valid;

-- The two halves of complete matches added. Ratios are recomputed from sums, never averaged.
CREATE VIEW player_match_stats AS
SELECT r.server_id, r.match_id, p.player_guid,
    count(*) AS rounds,
    sum(p.kills) AS kills, sum(p.deaths) AS deaths,
    sum(p.headshots) AS headshots, sum(p.headshot_kills) AS headshot_kills,
    sum(p.shots) AS shots, sum(p.hits) AS hits,
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
FROM rounds r
JOIN player_comprehensive_stats p ON p.round_id = r.id
WHERE r.match_state = 'complete'
GROUP BY r.server_id, r.match_id, p.player_guid;
