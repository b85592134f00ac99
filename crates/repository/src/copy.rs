//! Everything from one database into another, of whichever kind: in one transaction there, read
//! back and compared before it is committed.

use time::PrimitiveDateTime;

use crate::bulk::{BulkRow, insert};
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::models::{
    AchievementRow, AliasRow, AnnouncedRow, AuditRow, LinkRow, MapTotalsRow, OutboxRow, PlayerNameRow, RatedMatchRow,
    RatingRow, RecordRow, ReferenceAliasRow, RulesRow, SeasonTotalsRow, ServerRow, SessionTotalsRow, SettingRow,
    WeaponLine, WeaponTotalsRow,
};
use crate::schema::{
    achievements, announced_achievements, audit_log, changes, database_state, gaming_sessions, guild_settings,
    left_out_files, manual_teams, matches, outbox, player_aliases, player_comprehensive_stats, player_links,
    player_map_totals, player_season_totals, player_session_totals, player_weapon_totals, players, processed_files,
    rated_matches, ratings, reference_aliases, remote_files, round_overrides, rounds, server_rules, server_status,
    servers, session_records, session_teams, validation_findings, weapon_stats,
};
use crate::transaction::{End, Failed};
use crate::{
    AuditEntry, ChangeRow, Db, Error, FileRow, FindingRow, LeftOutFileRow, ManualTeamRow, MatchRow, OverrideRow,
    PlayerRow, RemoteFileRow, Result, RoundRow, ServerStatusRow, SessionRow, SessionTeamRow,
};

/// Ids per step: memory stays flat however large the database is.
const STEP: i32 = 500;

/// Players per step, for the same reason.
const PLAYERS: usize = 20;

/// Rows copied, by table.
pub type Copied = Vec<(&'static str, usize)>;

/// Copies everything. The target must have the schema and hold nothing.
///
/// # Errors
/// The target holds something, a database failed, or what came to be stored differs from what was
/// read. The target is unchanged then.
pub async fn copy(from: &Db, to: &Db) -> Result<Copied> {
    copy_all_and(from, to, None).await
}

/// The same, and the target's audit log says who did it.
///
/// # Errors
/// As [`copy`].
pub async fn copy_recorded(from: &Db, to: &Db, at: PrimitiveDateTime, entry: AuditEntry<'_>) -> Result<Copied> {
    copy_all_and(from, to, Some((at, entry))).await
}

async fn copy_all_and(from: &Db, to: &Db, entry: Option<(PrimitiveDateTime, AuditEntry<'_>)>) -> Result<Copied> {
    let mut source = from.begin_reading().await?;
    let mut target = match to.begin_writing().await {
        Ok(target) => target,
        Err(error) => return source.end_reading(Err(error)).await,
    };
    let mut result = copy_all(&mut source.conn, &mut target.conn).await;
    if let (Ok(_), Some((at, entry))) = (&result, entry)
        && let Err(error) = target.audit(at, entry).await
    {
        result = Err(error);
    }
    let copied = target.end(result.map(End::Commit)).await.map_err(Failed::into_error);
    source.end_reading(copied).await
}

/// Reads a whole table, or a range of ids, from one side.
macro_rules! read {
    ($conn:expr, $table:ident as $row:ident) => {
        load_blocking!($conn, $table::table.select($row::as_select()))
            .map_err(Error::query(concat!("reading ", stringify!($table))))
    };
    ($conn:expr, $table:ident as $row:ident by $column:ident in $from:expr, $to:expr) => {
        load_blocking!($conn, $table::table.filter($table::$column.between($from, $to)).select($row::as_select()))
            .map_err(Error::query(concat!("reading ", stringify!($table))))
    };
}

#[expect(clippy::cognitive_complexity, reason = "one line per table, spelled out by a macro")]
async fn copy_all(source: &mut Conn, target: &mut Conn) -> Result<Copied> {
    let mut copied = Copied::new();
    macro_rules! whole {
        ($table:ident as $row:ident) => {{
            let have: Vec<$row> = read!(target, $table as $row)?;
            refuse_if_occupied(stringify!($table), have.len())?;
            let rows: Vec<$row> = read!(source, $table as $row)?;
            copied.push((stringify!($table), rows.len()));
            let sent = send(target, stringify!($table), rows).await?;
            let stored: Vec<$row> = read!(target, $table as $row)?;
            compare(stringify!($table), &sent, &stored)?;
        }};
    }
    macro_rules! stepped {
        ($table:ident as $row:ident by $column:ident) => {{
            use diesel::dsl::{max, min};
            let occupied: i64 = on_backend!(&mut *target, c => $table::table.count().get_result(c).await)
                .map_err(Error::query(concat!("counting ", stringify!($table))))?;
            refuse_if_occupied(stringify!($table), usize::try_from(occupied).unwrap_or(usize::MAX))?;
            let ends: (Option<i32>, Option<i32>) = on_backend!(&mut *source, c => $table::table
                .select((min($table::$column), max($table::$column))).first(c).await)
            .map_err(Error::query(concat!("measuring ", stringify!($table))))?;
            let mut count = 0;
            if let (Some(first), Some(last)) = ends {
                let mut from = first;
                loop {
                    let to = from.saturating_add(STEP - 1).min(last);
                    let rows: Vec<$row> = read!(source, $table as $row by $column in from, to)?;
                    count += rows.len();
                    let sent = send(target, stringify!($table), rows).await?;
                    let stored: Vec<$row> = read!(target, $table as $row by $column in from, to)?;
                    compare(stringify!($table), &sent, &stored)?;
                    if to >= last {
                        break;
                    }
                    from = to + 1;
                }
            }
            copied.push((stringify!($table), count));
        }};
    }
    // Parents first.
    whole!(servers as ServerRow);
    whole!(server_rules as RulesRow);
    stepped!(processed_files as FileRow by id);
    stepped!(gaming_sessions as SessionRow by id);
    stepped!(rounds as RoundRow by id);
    stepped!(player_comprehensive_stats as PlayerRow by round_id);
    stepped!(weapon_stats as WeaponLine by round_id);
    stepped!(validation_findings as FindingRow by round_id);
    whole!(matches as MatchRow);
    stepped!(session_teams as SessionTeamRow by session_id);
    stepped!(player_session_totals as SessionTotalsRow by session_id);
    stepped!(player_map_totals as MapTotalsRow by session_id);
    stepped!(player_weapon_totals as WeaponTotalsRow by session_id);
    whole!(player_season_totals as SeasonTotalsRow);
    stepped!(session_records as RecordRow by session_id);
    whole!(players as PlayerNameRow);
    whole!(player_aliases as AliasRow);
    whole!(reference_aliases as ReferenceAliasRow);
    whole!(player_links as LinkRow);
    whole!(round_overrides as OverrideRow);
    whole!(manual_teams as ManualTeamRow);
    whole!(left_out_files as LeftOutFileRow);
    stepped!(outbox as OutboxRow by id);
    stepped!(audit_log as AuditRow by id);
    copied.push(("ratings", copy_ratings(source, target).await?));
    whole!(rated_matches as RatedMatchRow);
    whole!(achievements as AchievementRow);
    whole!(announced_achievements as AnnouncedRow);
    whole!(guild_settings as SettingRow);
    whole!(remote_files as RemoteFileRow);
    whole!(server_status as ServerStatusRow);
    copied.push(("changes", copy_changes(source, target).await?));
    Ok(copied)
}

/// The feed, and what was given away; the target stays a database of its own, with its own epoch.
async fn copy_changes(source: &mut Conn, target: &mut Conn) -> Result<usize> {
    use database_state as state;
    let occupied: i64 = on_backend!(&mut *target, c => changes::table.count().get_result(c).await)
        .map_err(Error::query("counting changes"))?;
    refuse_if_occupied("changes", usize::try_from(occupied).unwrap_or(usize::MAX))?;
    let (mut count, mut last) = (0, 0);
    loop {
        let rows = changes_behind(source, last).await?;
        let Some(newest) = rows.last().map(|row| row.sequence) else { break };
        count += rows.len();
        let sent = send(target, "changes", rows).await?;
        compare("changes", &sent, &changes_behind(target, last).await?)?;
        last = newest;
    }
    let query = state::table.select((
        state::head,
        state::last_file,
        state::last_round,
        state::last_session,
        state::last_server,
    ));
    let (head, file, round, session, server): (i64, i32, i32, i32, i32) =
        on_backend!(source, c => query.first(c).await).map_err(Error::query("reading the head of the changes"))?;
    let set = (
        state::head.eq(head),
        state::last_file.eq(file),
        state::last_round.eq(round),
        state::last_session.eq(session),
        state::last_server.eq(server),
    );
    on_backend!(target, c => diesel::update(state::table).set(set).execute(c).await.map(drop))
        .map_err(Error::query("moving the head of the changes"))?;
    Ok(count)
}

async fn changes_behind(conn: &mut Conn, sequence: i64) -> Result<Vec<ChangeRow>> {
    load_blocking!(
        conn,
        changes::table
            .filter(changes::sequence.gt(sequence))
            .order(changes::sequence)
            .limit(i64::from(STEP))
            .select(ChangeRow::as_select())
    )
    .map_err(Error::query("reading changes"))
}

/// Player by player: there are more of them than memory should hold, and no number to step by.
async fn copy_ratings(source: &mut Conn, target: &mut Conn) -> Result<usize> {
    let occupied: i64 = on_backend!(&mut *target, c => ratings::table.count().get_result(c).await)
        .map_err(Error::query("counting ratings"))?;
    refuse_if_occupied("ratings", usize::try_from(occupied).unwrap_or(usize::MAX))?;
    let players: Vec<String> = on_backend!(&mut *source, c => ratings::table
        .select(ratings::player_guid).distinct().order(ratings::player_guid).load(c).await)
    .map_err(Error::query("listing the players of ratings"))?;
    let mut count = 0;
    for some in players.chunks(PLAYERS) {
        let rows = of_players(source, some.to_vec()).await?;
        count += rows.len();
        let sent = send(target, "ratings", rows).await?;
        compare("ratings", &sent, &of_players(target, some.to_vec()).await?)?;
    }
    Ok(count)
}

async fn of_players(conn: &mut Conn, players: Vec<String>) -> Result<Vec<RatingRow>> {
    load_blocking!(conn, ratings::table.filter(ratings::player_guid.eq_any(players)).select(RatingRow::as_select()))
        .map_err(Error::query("reading ratings"))
}

fn refuse_if_occupied(table: &'static str, rows: usize) -> Result<()> {
    if rows == 0 { Ok(()) } else { Err(Error::Occupied { table, rows }) }
}

/// Writes rows and says what was written, sorted, as text. Instants to the second: SQLite keeps
/// nanoseconds, PostgreSQL microseconds.
async fn send<R: BulkRow>(target: &mut Conn, table: &'static str, rows: Vec<R>) -> Result<Vec<String>> {
    let mut sent: Vec<String> = rows.iter().map(line).collect();
    sent.sort_unstable();
    insert(target, rows).await.map_err(|source| Error::CopyTable { table, source })?;
    Ok(sent)
}

fn line<R: BulkRow>(row: &R) -> String {
    format!("{:?}", row.cells())
}

fn compare<R: BulkRow>(table: &'static str, sent: &[String], stored: &[R]) -> Result<()> {
    let mut stored: Vec<String> = stored.iter().map(line).collect();
    stored.sort_unstable();
    if sent == stored.as_slice() {
        return Ok(());
    }
    let other = |a: &[String], b: &[String]| a.iter().find(|row| b.binary_search(row).is_err()).cloned();
    Err(Error::Copy {
        table,
        sent: other(sent, &stored).unwrap_or_else(|| format!("{} rows", sent.len())),
        stored: other(&stored, sent).unwrap_or_else(|| format!("{} rows", stored.len())),
    })
}
