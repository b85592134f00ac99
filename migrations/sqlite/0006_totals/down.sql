DROP INDEX gaming_sessions_by_key;
DROP VIEW player_season_sums;
DROP VIEW player_weapon_sums;
DROP VIEW player_map_sums;
DROP VIEW player_session_sums;
DROP TABLE player_season_totals;
DROP TABLE player_weapon_totals;
DROP TABLE player_map_totals;
DROP TABLE player_session_totals;
DROP VIEW counted_results;
DROP VIEW counted_lines;
DROP TABLE changes;
DROP TABLE database_state;
DROP VIEW player_match_stats;
ALTER TABLE player_comprehensive_stats DROP COLUMN aimed_hits;
ALTER TABLE player_comprehensive_stats DROP COLUMN aimed_shots;
ALTER TABLE player_comprehensive_stats DROP COLUMN aimed_head_hits;
-- As schema 5 had it.
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
FROM valid_rounds r
JOIN player_comprehensive_stats p ON p.round_id = r.id
WHERE r.match_state = 'complete'
GROUP BY r.server_id, r.match_id, p.player_guid;
