//! The content of the database as text, ids and clock readings aside: equal dumps mean equal data.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl as _;

use crate::bulk::BulkRow as _;
use crate::conn::{Conn, on_backend};
use crate::models::{MapTotalsRow, SeasonTotalsRow, SessionTotalsRow, WeaponTotalsRow};
use crate::{Db, Error, Result};

/// Relations of a dump, each as one query of one text column. Ids are replaced by what they
/// stand for; the times of import are left out.
pub static DUMPED: &[(&str, &[&str], &str)] = &[
    ("servers", &["t.name", "t.timezone"], "servers t"),
    (
        "server_rules",
        &[
            "s.name",
            "t.match_window_seconds",
            "t.session_gap_seconds",
            "t.restart_window_seconds",
            "t.day_start",
            "t.excluded_maps",
        ],
        "server_rules t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "processed_files",
        &["s.name", "t.filename", "t.kind", "t.sha256", "t.size_bytes", "t.state", "t.success", "t.error_message"],
        "processed_files t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "gaming_sessions",
        &[
            "s.name",
            "t.session_key",
            "t.started_at",
            "t.ended_at",
            "t.rounds",
            "t.valid_rounds",
            "t.matches",
            "t.players",
            "t.score_a",
            "t.score_b",
            "t.team_confidence",
            "t.mvp_guid",
        ],
        "gaming_sessions t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "rounds",
        &[
            "s.name",
            "f.filename",
            "t.server_stamp",
            "t.round_date",
            "t.round_time",
            "t.ended_at",
            "t.match_id",
            "t.map_name",
            "t.config_name",
            "t.round_number",
            "g.session_key",
            "t.defender_team",
            "t.winner_team",
            "t.round_outcome",
            "t.time_limit_seconds",
            "t.next_time_limit_seconds",
            "t.actual_time_seconds",
            "t.duration_source",
            "t.match_state",
            "t.round_status",
            "t.is_valid",
            "t.invalid_reasons",
            "t.mvp_guid",
            "t.player_count",
            "t.source",
        ],
        "rounds t JOIN servers s ON s.id = t.server_id JOIN processed_files f ON f.id = t.file_id \
         JOIN gaming_sessions g ON g.id = t.gaming_session_id",
    ),
    (
        "player_comprehensive_stats",
        &[
            "f.filename",
            "t.player_guid",
            "t.player_name",
            "t.clean_name",
            "t.is_bot",
            "t.team",
            "t.differential_class",
            "t.kills",
            "t.deaths",
            "t.headshots",
            "t.headshot_kills",
            "t.shots",
            "t.hits",
            "1000*t.accuracy",
            "1000*t.kd_ratio",
            "1000*t.efficiency",
            "1000*t.dpm",
            "t.damage_given",
            "t.damage_received",
            "t.team_damage_given",
            "t.team_damage_received",
            "t.gibs",
            "t.self_kills",
            "t.team_kills",
            "t.team_gibs",
            "t.time_played_seconds",
            "10*t.time_played_minutes",
            "1000*t.alive_seconds",
            "1000*t.time_dead_seconds",
            "1000*t.time_dead_ratio",
            "10*t.time_dead_minutes",
            "t.xp",
            "t.killing_spree_best",
            "t.death_spree_worst",
            "t.kill_assists",
            "t.kill_steals",
            "t.objectives_stolen",
            "t.objectives_returned",
            "t.dynamites_planted",
            "t.dynamites_defused",
            "t.times_revived",
            "t.revives_given",
            "t.bullets_fired",
            "1000*t.tank_meatshield",
            "t.most_useful_kills",
            "t.useless_kills",
            "t.denied_playtime",
            "t.double_kills",
            "t.triple_kills",
            "t.quad_kills",
            "t.multi_kills",
            "t.mega_kills",
            "t.full_selfkills",
            "t.constructions",
            "t.aimed_hits",
            "t.aimed_shots",
            "t.aimed_head_hits",
        ],
        "player_comprehensive_stats t JOIN rounds r ON r.id = t.round_id JOIN processed_files f ON f.id = r.file_id",
    ),
    (
        "weapon_stats",
        &[
            "f.filename",
            "t.player_guid",
            "t.weapon_name",
            "t.kills",
            "t.deaths",
            "t.headshots",
            "t.hits",
            "t.shots",
            "1000*t.accuracy",
        ],
        "weapon_stats t JOIN rounds r ON r.id = t.round_id JOIN processed_files f ON f.id = r.file_id",
    ),
    (
        "matches",
        &[
            "s.name",
            "t.match_id",
            "t.map_name",
            "g.session_key",
            "a.server_stamp",
            "b.server_stamp",
            "t.match_state",
            "t.points_r1_attackers",
            "t.points_r2_attackers",
            "t.team_a_r1_side",
            "t.points_a",
            "t.points_b",
            "t.undecided_reason",
        ],
        "matches t JOIN servers s ON s.id = t.server_id JOIN gaming_sessions g ON g.id = t.gaming_session_id \
         LEFT JOIN rounds a ON a.id = t.r1_round_id LEFT JOIN rounds b ON b.id = t.r2_round_id",
    ),
    (
        "session_teams",
        &["g.session_key", "t.player_guid", "t.team", "t.source", "t.team_name"],
        "session_teams t JOIN gaming_sessions g ON g.id = t.session_id",
    ),
    (
        "manual_teams",
        &["s.name", "t.server_stamp", "t.map_name", "t.round_number", "t.player_guid", "t.team", "t.team_name"],
        "manual_teams t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "players",
        &[
            "t.guid",
            "t.canonical_guid",
            "t.display_name",
            "t.chosen_name",
            "t.privacy",
            "t.is_bot",
            "t.first_seen",
            "t.last_seen",
            "t.anonymous_number",
            "t.erased",
        ],
        "players t",
    ),
    ("player_aliases", &["t.guid", "t.alias", "t.times_seen", "t.first_seen", "t.last_seen"], "player_aliases t"),
    ("reference_aliases", &["t.guid", "t.alias", "t.times_seen", "t.first_seen", "t.last_seen"], "reference_aliases t"),
    (
        "session_records",
        &[
            "s.name",
            "g.session_key",
            "t.span",
            "t.metric",
            "1000*t.value",
            "t.player_guid",
            "r.server_stamp",
            "r.round_number",
        ],
        "session_records t JOIN gaming_sessions g ON g.id = t.session_id JOIN servers s ON s.id = g.server_id \
         JOIN rounds r ON r.id = t.round_id",
    ),
    (
        "ratings",
        &[
            "s.name",
            "t.player_guid",
            "t.ended_at",
            "t.match_id",
            "t.team",
            "t.seconds",
            "1000000000*t.mean",
            "1000000000*t.deviation",
            "t.matches",
            "t.kills",
            "t.deaths",
        ],
        "ratings t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "rated_matches",
        &[
            "s.name",
            "t.match_id",
            "t.session_key",
            "t.ended_at",
            "t.version",
            "t.outcome",
            "1000000000*t.chance",
            "t.is_shown",
            "1000000*(1000000+t.weight_rating)",
            "1000000*(1000000+t.weight_size)",
            "1000000*(1000000+t.weight_duels)",
            "1000000*(1000000+t.precision_rating)",
            "1000000*(1000000+t.precision_size)",
            "1000000*(1000000+t.precision_duels)",
            "1000000*(1000000+t.precision_rating_size)",
            "1000000*(1000000+t.precision_rating_duels)",
            "1000000*(1000000+t.precision_size_duels)",
        ],
        "rated_matches t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "achievements",
        &["s.name", "t.player_guid", "t.badge", "t.tier", "t.session_key", "t.match_id", "t.earned_at"],
        "achievements t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "announced_achievements",
        &["s.name", "t.player_guid", "t.badge", "t.tier"],
        "announced_achievements t JOIN servers s ON s.id = t.server_id",
    ),
    (
        "validation_findings",
        &["f.filename", "t.number", "t.\"check\"", "t.severity", "t.player_guid", "t.message", "t.expected", "t.found"],
        "validation_findings t JOIN rounds r ON r.id = t.round_id JOIN processed_files f ON f.id = r.file_id",
    ),
];

/// A roll-up: its columns are its row's, with what ids stand for in the place of the key.
struct RollUp {
    relation: &'static str,
    /// In the place of the ids.
    key: &'static [&'static str],
    columns: &'static [&'static str],
    from: &'static str,
}

const ROLL_UPS: [RollUp; 4] = [
    RollUp {
        relation: "player_session_totals",
        key: &["s.name", "g.session_key"],
        columns: SessionTotalsRow::NAMES,
        from: "player_session_totals t JOIN gaming_sessions g ON g.id = t.session_id JOIN servers s ON s.id = g.server_id",
    },
    RollUp {
        relation: "player_map_totals",
        key: &["s.name", "g.session_key"],
        columns: MapTotalsRow::NAMES,
        from: "player_map_totals t JOIN gaming_sessions g ON g.id = t.session_id JOIN servers s ON s.id = g.server_id",
    },
    RollUp {
        relation: "player_weapon_totals",
        key: &["s.name", "g.session_key"],
        columns: WeaponTotalsRow::NAMES,
        from: "player_weapon_totals t JOIN gaming_sessions g ON g.id = t.session_id JOIN servers s ON s.id = g.server_id",
    },
    RollUp {
        relation: "player_season_totals",
        key: &["s.name"],
        columns: SeasonTotalsRow::NAMES,
        from: "player_season_totals t JOIN servers s ON s.id = t.server_id",
    },
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// All relations as sorted lines `relation|value|value…`; ids and times of import are left out.
///
/// # Errors
/// The database failed.
pub async fn dump(db: &Db) -> Result<Vec<String>> {
    let mut conn = db.conn().await?;
    let mut lines = Vec::new();
    let sqlite = matches!(conn, Conn::Sqlite(_));
    let tables = DUMPED.iter().map(|(relation, columns, from)| {
        let values: Vec<String> = columns.iter().map(|column| as_text(column, sqlite)).collect();
        (*relation, values, *from)
    });
    let roll_ups = ROLL_UPS.iter().map(|RollUp { relation, key, columns, from }| {
        let of_row = columns.iter().filter(|column| !matches!(**column, "session_id" | "server_id"));
        let columns = key.iter().map(|column| (*column).to_owned()).chain(of_row.map(|column| format!("t.{column}")));
        (*relation, columns.map(|column| as_text(&column, sqlite)).collect(), *from)
    });
    let relations: Vec<(&str, Vec<String>, &str)> = tables.chain(roll_ups).collect();
    for (relation, values, from) in relations {
        // The texts are constants: nothing from outside is formatted into SQL.
        let sql = format!("SELECT {} AS line FROM {from}", values.join(" || '|' || "));
        let rows: Vec<Line> =
            on_backend!(&mut conn, c => diesel::sql_query(sql).load(c).await).map_err(Error::query("dumping"))?;
        lines.extend(rows.into_iter().map(|row| format!("{relation}|{}", row.line)));
    }
    lines.sort();
    Ok(lines)
}

/// A column as text that both databases print alike.
fn as_text(column: &str, sqlite: bool) -> String {
    let text = if column.starts_with("10") {
        // A fraction, in thousandths or tenths: the same arithmetic on doubles in both.
        let scaled = format!("{column} + 0.5");
        let whole =
            if sqlite { format!("CAST({scaled} AS INTEGER)") } else { format!("CAST(floor({scaled}) AS BIGINT)") };
        format!("CAST({whole} AS TEXT)")
    } else if ["is_", "success", "erased"].iter().any(|word| column.contains(word)) {
        format!("CASE WHEN {column} THEN 'yes' ELSE 'no' END")
    } else if [".ended_at", ".started_at", ".first_seen", ".last_seen", ".earned_at"]
        .iter()
        .any(|name| column.ends_with(name))
    {
        format!("substr(CAST({column} AS TEXT), 1, 19)")
    } else {
        format!("CAST({column} AS TEXT)")
    };
    format!("COALESCE({text}, '-')")
}
