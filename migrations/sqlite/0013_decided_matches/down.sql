DROP VIEW counted_results;
CREATE VIEW counted_results AS
SELECT m.gaming_session_id AS session_id, m.map_name, m.match_id, t.player_guid AS person, t.team,
    CASE WHEN t.team = 'A' THEN m.points_a - m.points_b ELSE m.points_b - m.points_a END AS margin
FROM matches m
JOIN session_teams t ON t.session_id = m.gaming_session_id AND t.team IN ('A', 'B')
WHERE m.points_a IS NOT NULL AND EXISTS (SELECT 1 FROM counted_lines l WHERE l.session_id = m.gaming_session_id
    AND l.person = t.player_guid AND l.round_id IN (m.r1_round_id, m.r2_round_id));
UPDATE player_session_totals SET
    matches_won = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_session_totals.session_id
        AND r.person = player_session_totals.player_guid AND r.margin > 0) AS INTEGER),
    matches_drawn = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_session_totals.session_id
        AND r.person = player_session_totals.player_guid AND r.margin = 0) AS INTEGER),
    matches_lost = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_session_totals.session_id
        AND r.person = player_session_totals.player_guid AND r.margin < 0) AS INTEGER)
WHERE session_id IN (SELECT gaming_session_id FROM matches WHERE points_a IS NOT NULL AND undecided_reason IS NOT NULL);
UPDATE player_map_totals SET
    matches_won = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_map_totals.session_id
        AND r.person = player_map_totals.player_guid AND r.map_name = player_map_totals.map_name AND r.margin > 0) AS INTEGER),
    matches_drawn = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_map_totals.session_id
        AND r.person = player_map_totals.player_guid AND r.map_name = player_map_totals.map_name AND r.margin = 0) AS INTEGER),
    matches_lost = CAST((SELECT count(*) FROM counted_results r WHERE r.session_id = player_map_totals.session_id
        AND r.person = player_map_totals.player_guid AND r.map_name = player_map_totals.map_name AND r.margin < 0) AS INTEGER)
WHERE session_id IN (SELECT gaming_session_id FROM matches WHERE points_a IS NOT NULL AND undecided_reason IS NOT NULL);
UPDATE player_season_totals SET
    matches_won = (SELECT s.matches_won FROM player_season_sums s WHERE s.player_guid = player_season_totals.player_guid
        AND s.season = player_season_totals.season AND s.server_id = player_season_totals.server_id),
    matches_drawn = (SELECT s.matches_drawn FROM player_season_sums s WHERE s.player_guid = player_season_totals.player_guid
        AND s.season = player_season_totals.season AND s.server_id = player_season_totals.server_id),
    matches_lost = (SELECT s.matches_lost FROM player_season_sums s WHERE s.player_guid = player_season_totals.player_guid
        AND s.season = player_season_totals.season AND s.server_id = player_season_totals.server_id)
WHERE EXISTS (SELECT 1 FROM player_season_sums s WHERE s.player_guid = player_season_totals.player_guid
    AND s.season = player_season_totals.season AND s.server_id = player_season_totals.server_id AND (s.matches_won <> player_season_totals.matches_won
    OR s.matches_drawn <> player_season_totals.matches_drawn OR s.matches_lost <> player_season_totals.matches_lost));
