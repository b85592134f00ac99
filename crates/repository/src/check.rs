//! What is stored against what was recomputed, row by row and column by column.

use std::collections::HashMap;

use crate::bulk::BulkRow;
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::{AliasRow, PlayerNameRow, RecordRow, WeaponLine};
use crate::queries::merges::merge_targets;
use crate::recompute::{counted_names, named_players};
use crate::schema::{
    gaming_sessions, matches, player_aliases, player_comprehensive_stats as stats, players, rounds, session_records,
    session_teams, validation_findings, weapon_stats,
};
use crate::{
    Changes, Error, FileId, FindingRow, MatchRow, PlayerRow, Result, RoundId, RoundRow, SessionId, SessionRow,
    SessionTeamRow, Transaction,
};

/// A stored value that is not what the raw bytes say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Table.
    pub relation: &'static str,
    /// Which row, in words: file, player, weapon.
    pub key: String,
    /// Which column; `row` when the whole row is missing or one too many.
    pub column: &'static str,
    /// What is stored.
    pub stored: String,
    /// What a recomputation gives.
    pub expected: String,
}

impl Transaction {
    /// Compares the stored rows of these files with recomputed ones. `expected` holds all rows of
    /// all of them as new, with the ids of the stored ones where there are any.
    ///
    /// # Errors
    /// The database failed.
    pub async fn compare(&mut self, files: &[FileId], expected: Changes) -> Result<Vec<Mismatch>> {
        let stored = Stored::read(&mut self.conn, files, &expected).await?;
        let mut found = stored.undecodable;
        let names: HashMap<RoundId, String> =
            stored.rounds.iter().flatten().chain(&expected.new_rounds).map(|row| (row.id, round_name(row))).collect();
        let named = |id: RoundId| names.get(&id).cloned().unwrap_or_else(|| format!("round {id}"));
        let evening = |row: &SessionRow| row.session_key.clone();
        merge(&mut found, "gaming_sessions", stored.sessions, expected.new_sessions, |row| row.id, evening);
        merge(&mut found, "rounds", stored.rounds, expected.new_rounds, |row| row.id, round_name);
        let line = |row: &PlayerRow| (row.round_id, row.player_guid.clone());
        merge(&mut found, "player_comprehensive_stats", stored.players, expected.players, line, |row| {
            format!("{}, player {}", named(row.round_id), row.player_guid)
        });
        let weapons: Vec<WeaponLine> = expected.weapons.iter().map(WeaponLine::from).collect();
        let weapon = |row: &WeaponLine| (row.round_id, row.weapon_name.clone(), row.player_guid.clone());
        merge(&mut found, "weapon_stats", stored.weapons, weapons, weapon, |row| {
            format!("{}, player {}, {}", named(row.round_id), row.player_guid, row.weapon_name)
        });
        let finding = |row: &FindingRow| (row.round_id, row.number);
        merge(&mut found, "validation_findings", stored.findings, expected.findings, finding, |row| {
            format!("{}, finding {}", named(row.round_id), row.number)
        });
        let records = expected.sums.into_iter().flat_map(|sums| sums.records).collect();
        let of = |row: &RecordRow| (row.session_id, row.span, row.metric.clone());
        merge(&mut found, "session_records", stored.records, records, of, |row| {
            format!("session {}, best {} by {}", row.session_id, row.span, row.metric)
        });
        let id = |row: &MatchRow| (row.server_id, row.match_id.clone());
        merge(&mut found, "matches", stored.matches, expected.matches, id, |row| row.match_id.clone());
        let member = |row: &SessionTeamRow| (row.session_id, row.player_guid.clone(), row.source);
        merge(&mut found, "session_teams", stored.teams, expected.teams, member, |row| {
            format!("evening {}, player {}", row.session_id, row.player_guid)
        });
        Ok(found)
    }

    /// Compares players and their names with the stored lines.
    ///
    /// # Errors
    /// The database failed.
    pub async fn compare_names(&mut self) -> Result<Vec<Mismatch>> {
        let conn = &mut self.conn;
        let mut found = Vec::new();
        let expected = counted_names(conn, None).await;
        let expected = decodable(&mut found, "rounds", "counting names", expected)?.unwrap_or_default();
        let stored: Loaded<AliasRow> = load_blocking!(conn, player_aliases::table.select(AliasRow::as_select()));
        let stored =
            decodable(&mut found, "player_aliases", "reading names", stored.map_err(reading("reading names")))?;
        let known: Loaded<PlayerNameRow> = load_blocking!(conn, players::table.select(PlayerNameRow::as_select()));
        let known = decodable(&mut found, "players", "reading players", known.map_err(reading("reading players")))?;
        let name = |row: &AliasRow| (row.guid.clone(), row.alias.clone());
        let Some(known) = known else { return Ok(found) };
        let targets = merge_targets(conn).await?;
        let people: Vec<PlayerNameRow> = known.iter().filter(|row| row.is_kept_for_people(&targets)).cloned().collect();
        found.extend(people.iter().filter_map(|told| dangling_merge(told, &known)));
        let expected_players = named_players(&expected, people);
        merge(
            &mut found,
            "players",
            Some(known),
            expected_players,
            |row| row.guid.clone(),
            |row| format!("player {}", row.guid),
        );
        merge(&mut found, "player_aliases", stored, expected, name, |row| {
            format!("player {}, name {:?}", row.guid, row.alias)
        });
        Ok(found)
    }

    /// Derived rows that hang on nothing: evenings without rounds, matches and teams of such.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rows_without_parent(&mut self) -> Result<Vec<Mismatch>> {
        use diesel::dsl::{exists, not};
        let evenings: Vec<String> = on_backend!(&mut self.conn, c => gaming_sessions::table
            .filter(not(exists(rounds::table.filter(rounds::gaming_session_id.eq(gaming_sessions::id)))))
            .select(gaming_sessions::session_key).load(c).await)
        .map_err(reading("evenings without rounds"))?;
        let nowhere: Vec<String> = on_backend!(&mut self.conn, c => matches::table
            .filter(not(exists(rounds::table.filter(rounds::gaming_session_id.eq(matches::gaming_session_id)))))
            .select(matches::match_id).load(c).await)
        .map_err(reading("matches without rounds"))?;
        let orphan = |relation, key| Mismatch {
            relation,
            key,
            column: "row",
            stored: "present".to_owned(),
            expected: "none: no round belongs to it".to_owned(),
        };
        let evenings = evenings.into_iter().map(|key| orphan("gaming_sessions", key));
        Ok(evenings.chain(nowhere.into_iter().map(|key| orphan("matches", key))).collect())
    }

    /// What the database's own check says; empty when all is well.
    ///
    /// # Errors
    /// The database failed.
    pub async fn integrity(&mut self) -> Result<Vec<String>> {
        #[derive(diesel::QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text)]
            line: String,
        }
        let conn = match &mut self.conn {
            Conn::Sqlite(conn) => conn,
            Conn::Postgres(conn) => {
                let strangers: Vec<Line> =
                    diesel_async::RunQueryDsl::load(diesel::sql_query(STRAY_WEAPONS), &mut ***conn)
                        .await
                        .map_err(reading("weapon lines without a player's line"))?;
                return Ok(strangers.into_iter().map(|one| one.line).collect());
            }
        };
        let lines: Vec<Line> = conn
            .spawn_blocking(|c| {
                let check = diesel::sql_query("SELECT quick_check AS line FROM pragma_quick_check");
                let mut lines: Vec<Line> = diesel::RunQueryDsl::load(check, c)?;
                lines.retain(|one| one.line != "ok");
                let strangers = "SELECT \"table\" || ' row ' || COALESCE(rowid, '?') || ' has no ' || parent AS line \
                                 FROM pragma_foreign_key_check";
                lines.extend(diesel::RunQueryDsl::load::<Line>(diesel::sql_query(strangers), c)?);
                Ok(lines)
            })
            .await
            .map_err(reading("the integrity check"))?;
        Ok(lines.into_iter().map(|one| one.line).collect())
    }
}

/// What triggers keep out of PostgreSQL, and whoever may switch triggers off can let in.
const STRAY_WEAPONS: &str = "SELECT DISTINCT 'weapon_stats of round ' || w.round_id || ', player ' || w.player_guid || \
    ' has no player_comprehensive_stats' AS line FROM weapon_stats w WHERE NOT EXISTS (SELECT \
    FROM player_comprehensive_stats p WHERE p.round_id = w.round_id AND p.player_guid = w.player_guid) ORDER BY 1 LIMIT 100";

pub(crate) fn reading(what: &'static str) -> impl FnOnce(diesel::result::Error) -> Error {
    Error::query(what)
}

fn round_name(row: &RoundRow) -> String {
    format!("{}-{}-round-{}.txt", row.server_stamp, row.map_name, row.round_number)
}

pub(crate) type Loaded<R> = diesel::QueryResult<Vec<R>>;

/// A player merged into nobody, or into one who was merged, too.
fn dangling_merge(told: &PlayerNameRow, known: &[PlayerNameRow]) -> Option<Mismatch> {
    if told.canonical_guid == told.guid {
        return None;
    }
    let into = known.iter().find(|row| row.guid == told.canonical_guid);
    into.is_none_or(|into| into.canonical_guid != into.guid).then(|| Mismatch {
        relation: "players",
        key: format!("player {}", told.guid),
        column: "canonical_guid",
        stored: told.canonical_guid.clone(),
        expected: format!("a player who is there and was not merged; `dbadmin unmerge {}` mends it", told.guid),
    })
}

/// Rows, or none when one of them holds something that is no value of its column (SQLite takes
/// anything): that is a finding, not a failure.
pub(crate) fn decodable<T>(
    found: &mut Vec<Mismatch>,
    relation: &'static str,
    doing: &'static str,
    rows: Result<T>,
) -> Result<Option<T>> {
    match rows {
        Err(Error::Query { source: diesel::result::Error::DeserializationError(cause), .. }) => {
            found.push(Mismatch {
                relation,
                key: doing.to_owned(),
                column: "row",
                stored: cause.to_string(),
                expected: "a value of the column's type".to_owned(),
            });
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// Stored rows of some files; none where they cannot be read.
struct Stored {
    sessions: Option<Vec<SessionRow>>,
    rounds: Option<Vec<RoundRow>>,
    players: Option<Vec<PlayerRow>>,
    weapons: Option<Vec<WeaponLine>>,
    findings: Option<Vec<FindingRow>>,
    matches: Option<Vec<MatchRow>>,
    teams: Option<Vec<SessionTeamRow>>,
    records: Option<Vec<RecordRow>>,
    undecodable: Vec<Mismatch>,
}

impl Stored {
    #[expect(clippy::cognitive_complexity, reason = "one line per table, spelled out by a macro")]
    async fn read(conn: &mut Conn, files: &[FileId], expected: &Changes) -> Result<Self> {
        let mut undecodable = Vec::new();
        macro_rules! rows_of {
            ($ids:expr, $table:ident by $column:ident as $row:ident) => {{
                let mut rows = Ok(Vec::new());
                for ids in $ids.chunks(PARAMETERS) {
                    let ids = ids.to_vec();
                    let part: Loaded<$row> = load_blocking!(
                        conn,
                        $table::table.filter($table::$column.eq_any(ids)).select($row::as_select())
                    );
                    rows = rows.and_then(|mut rows: Vec<$row>| {
                        rows.append(&mut part?);
                        Ok(rows)
                    });
                }
                let rows = rows.map_err(reading(concat!("reading ", stringify!($table))));
                let relation =
                    if stringify!($table) == "stats" { "player_comprehensive_stats" } else { stringify!($table) };
                decodable(&mut undecodable, relation, "reading rows of a batch", rows)?
            }};
        }
        let rounds = rows_of!(files, rounds by file_id as RoundRow);
        let known = || rounds.iter().flatten().chain(&expected.new_rounds);
        let ids: Vec<RoundId> = known().map(|row| row.id).collect();
        let evenings = rounds.iter().flatten().map(|row| row.gaming_session_id);
        let mut session_ids: Vec<SessionId> = evenings.chain(expected.new_sessions.iter().map(|row| row.id)).collect();
        session_ids.sort_unstable();
        session_ids.dedup();
        let teams = rows_of!(session_ids, session_teams by session_id as SessionTeamRow);
        Ok(Self {
            players: rows_of!(ids, stats by round_id as PlayerRow),
            weapons: rows_of!(ids, weapon_stats by round_id as WeaponLine),
            findings: rows_of!(ids, validation_findings by round_id as FindingRow),
            sessions: rows_of!(session_ids, gaming_sessions by id as SessionRow),
            matches: rows_of!(session_ids, matches by gaming_session_id as MatchRow),
            records: rows_of!(session_ids, session_records by session_id as RecordRow),
            teams,
            rounds,
            undecodable,
        })
    }
}

pub(crate) fn merge<R: BulkRow, K: Ord>(
    found: &mut Vec<Mismatch>,
    relation: &'static str,
    stored: Option<Vec<R>>,
    mut expected: Vec<R>,
    key: impl Fn(&R) -> K,
    show: impl Fn(&R) -> String,
) {
    let Some(mut stored) = stored else { return };
    stored.sort_by_cached_key(&key);
    expected.sort_by_cached_key(&key);
    let row = |key: String, stored: &str, expected: &str| Mismatch {
        relation,
        key,
        column: "row",
        stored: stored.to_owned(),
        expected: expected.to_owned(),
    };
    let mut left = stored.into_iter().peekable();
    for wanted in expected {
        let at = key(&wanted);
        while let Some(extra) = left.next_if(|have| key(have) < at) {
            found.push(row(show(&extra), "present", "none"));
        }
        match left.next_if(|have| key(have) == at) {
            None => found.push(row(show(&wanted), "missing", "present")),
            Some(have) => {
                let differences = have.differences(&wanted);
                found.extend(differences.into_iter().map(|(column, stored, expected)| Mismatch {
                    relation,
                    key: show(&wanted),
                    column,
                    stored,
                    expected,
                }));
            }
        }
    }
    found.extend(left.map(|extra| row(show(&extra), "present", "none")));
}
