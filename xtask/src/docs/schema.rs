//! docs/SCHEMA.md from the migrations: columns and constraints as they are, meanings by relation.

use std::fmt::Write;

/// What each relation holds, in the order of the document.
const RELATIONS: [(&str, &str); 34] = [
    ("servers", "Game servers, with the IANA zone of the stamps in their file names."),
    (
        "processed_files",
        "Every stats file ever seen. `content` is its raw bytes, Zstandard-compressed, kept for ever; `sha256` is over the bytes before compression. The same name with other bytes is a conflict that is reported, not stored.",
    ),
    (
        "rounds",
        "A round per imported file. `ended_at` is UTC, `round_date` and `round_time` are the server's local time. `match_id` is the R1's stamp and map. `source` is `reference` for a round taken over from the reference bot, whose raw file is gone. `invalid_reasons` is empty exactly when the round counts: else a comma-separated list of `orphan_r2`, `differential_error`, `aborted`, `cancelled`, `bots`, `excluded_map`, `no_players`, `override`.",
    ),
    (
        "player_comprehensive_stats",
        "A player in a round. Lines of a round 2 hold round 2 alone, except those of class `orphan`, which hold match totals and count nowhere. NULL: the layout of the file has no such field. `accuracy` is over aimed weapons, `hits`, `shots` and `headshots` over all; `aimed_hits`, `aimed_shots` and `aimed_head_hits` are what a ratio over several rounds is of (NULL for lines taken over). `time_played_minutes` is the exact difference in tenths, `time_played_seconds` is set to the round's length where both differ by rounding only. `time_dead_minutes` is the writer's own over-counted number; use `time_dead_seconds`.",
    ),
    (
        "weapon_stats",
        "A weapon of a player in a round, if any of its numbers is not zero. Syringe hits are revives. On PostgreSQL triggers hold the foreign key for all rows of a statement at once.",
    ),
    (
        "gaming_sessions",
        "Evenings: rounds of a server with no gap of more than 60 minutes. `session_key` is the first round's stamp, map and number; it, not the id, is what a link should hold. Team A is Axis in the first R1.",
    ),
    (
        "matches",
        "A map play: R1 and R2, points for those who attacked in each, and for teams A and B. `undecided_reason` says why a match is not in the evening's score.",
    ),
    (
        "session_teams",
        "Who played for which team in an evening, merged players as one; `ambiguous` for who cannot be told. `manual` follows from `manual_teams`; whom people did not place is `detected` beside those they did.",
    ),
    (
        "players",
        "Everybody ever seen. `display_name` is the name worn last; `chosen_name` goes before it. `canonical_guid` is another guid after a merge.",
    ),
    ("player_aliases", "All names, how often and from when to when they were worn."),
    (
        "reference_aliases",
        "Names as the reference bot counted them, taken over from its database; `player_aliases` has the greater count of both.",
    ),
    ("player_links", "Discord accounts of players."),
    (
        "validation_findings",
        "What is odd about a round: docs/RULES.md has the rules. `stored_file_unreadable`: its raw bytes are damaged, and its lines are those computed before.",
    ),
    (
        "round_overrides",
        "Verdicts of people on rounds. Keyed by what the server wrote, so that they survive re-import and rebuild.",
    ),
    (
        "manual_teams",
        "Teams that people set (`dbadmin set-teams`), by a round of the evening: they belong to whatever evening that round is in, and win over what is detected. Where an evening holds several, the one that was decided last counts; one that names nobody who played is stale and counts nowhere.",
    ),
    (
        "server_rules",
        "The rules that all rounds of a server were computed with: session gap, day, pairing window, excluded maps. Other settings count only after `dbadmin rebuild`, which records them. A server without a row has no round, or was filled before this was recorded.",
    ),
    (
        "left_out_files",
        "Files found on disk that could not be stored: other bytes than those stored under that name (`conflict`), or not to be read (`unreadable`): too large, a pipe, a link to nowhere. `dbadmin files` lists them until they are fine or gone, or somebody sets them aside.",
    ),
    ("outbox", "Posts on their way to Discord."),
    ("audit_log", "Administrators' actions."),
    (
        "ratings",
        "History of skill: a player's rating after each match that was rated, by server. Replayed from the first match on, continued by the newest; a late match, a verdict or a merge replays what follows it. `team` is whom he stood with in that match.",
    ),
    (
        "rated_matches",
        "What was predicted of each rated match before it (`chance` of team A; `is_shown` while predictions are better than a coin), and the state of the calibration after it. `version` is that of the rating's rules.",
    ),
    (
        "achievements",
        "The ledger: in which match a player reached each tier of a badge (docs/FORMULAS.md) on a server. Recomputed with whatever it follows from.",
    ),
    (
        "announced_achievements",
        "Tiers that were announced. Nothing derived: what is computed anew is not announced again.",
    ),
    ("guild_settings", "Settings per Discord server."),
    (
        "remote_files",
        "The watcher's memory of files on a game server that are not in `processed_files` as they are there now: being written (`waiting`), not to be had (`failed`, and `dead` after five attempts), changed after they were stored (`conflict`), or touched without a change (`same`). A file without a row is stored, or older than the look-back.",
    ),
    (
        "server_status",
        "How fresh each watched server's data is: last look, last error, the newest file there and whether it is stored. `newest_at` is by the server's clock.",
    ),
    (
        "player_session_totals",
        "Sums of a player over the lines of a session that count: valid rounds, neither bots nor spectators, players as they are counted after merges. Everything that can be added; `…_beside_…` is the part of a ratio in the rounds that know its other part. `best_spree` and `worst_spree` are maxima with their round's end in one number, value · 2^33 + (2^33 − 1 − seconds since 1970). Recomputed with the session; `player_session_sums` says what must be in it.",
    ),
    ("player_map_totals", "The same by map: `player_map_sums` says what must be in it."),
    ("player_weapon_totals", "The same by weapon: `player_weapon_sums` says what must be in it."),
    (
        "player_season_totals",
        "Sums of `player_session_totals` over the sessions that began in a quarter of the server's calendar: `player_season_sums` says what must be in it. What boards over all time read.",
    ),
    (
        "session_records",
        "The best round, the best match and the best evening of a player in each session, by each measure of records (docs/FORMULAS.md): rounds and matches are valid and complete, of equal ones the first counts. `round_id` is the round, or the last one of the match or evening.",
    ),
    (
        "database_state",
        "One row. `epoch` is another one in each database and after each restore, `head` is the last `sequence` of `changes`: both together are the version of the data. Ids up to `last_…` were given away, and are not given again.",
    ),
    (
        "changes",
        "What each transaction changed, in the order of commits, written in it. `round` is stamp, map and number. A session without a round changed as a whole, a server without a session in its files or as a whole. Without references: it names what is gone, too.",
    ),
    ("schema_migrations", "Applied migrations with their checksums."),
];

const VIEWS: &str = "\n## Views\n\n\
    * `valid_rounds` — the rounds that every statistic is computed from: `rounds` where `is_valid`.\n\
    * `player_match_stats` — each player's totals over the valid rounds of a complete match, by `server_id`, `match_id` and\n  \
      `player_guid`. Sums; the greater one for the two sprees; ratios from the sums.\n\
    * `counted_lines` — the lines that count: of valid rounds, neither bots nor spectators, with `person`, the guid that the\n  \
      player is counted as.\n\
    * `counted_results` — what a decided match was for each member of its teams who has a line in it: `margin` is above 0\n  \
      when his team won.\n\
    * `player_session_sums`, `player_map_sums`, `player_weapon_sums`, `player_season_sums` — what the tables of the same names\n  \
      with `totals` must hold; `dbadmin validate` compares.\n";

pub(super) fn schema(generated: &str, up: &str) -> String {
    let mut text = format!(
        "# The relations people may query\n\n{generated} (`migrations/`)\n\n\
         Names and meanings are the product's promise, on SQLite and PostgreSQL alike. Instants are UTC.\n\
         Sides and teams are numbers as in the file: 0 free, 1 Axis, 2 Allies, 3 spectator.\n"
    );
    for (relation, meaning) in RELATIONS {
        let _ = write!(text, "\n## {relation}\n\n{meaning}\n");
        if let Some(body) = body(up, relation) {
            let _ = write!(text, "\n```sql\n{body}\n```\n");
        }
    }
    text.push_str(VIEWS);
    text
}

/// The lines of a table between its parentheses, without indentation.
fn body(up: &str, relation: &str) -> Option<String> {
    // Of a table that a later migration made anew, the later text.
    let (_, rest) = up.rsplit_once(&format!("CREATE TABLE {relation} (\n"))?;
    let (body, _) = rest.split_once("\n)")?;
    let mut lines: Vec<String> =
        body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()).collect();
    // Columns that later migrations added.
    let added = format!("ALTER TABLE {relation} ADD COLUMN ");
    let columns = up.lines().filter_map(|line| line.strip_prefix(added.as_str())?.strip_suffix(';'));
    lines.extend(columns.map(|column| format!("{column} -- added later")));
    Some(lines.join("\n"))
}
