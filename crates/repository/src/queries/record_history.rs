//! Who held a record before: every time that one was set. Of all maps from the best of each session, of one map from its
//! lines: what a page of one map reads is small.

use std::collections::BTreeMap;

use diesel::sql_types::{Integer, Text, Timestamp};
use fullhold_analytics::{Held, Performance, RECORDS, Record, RoundMark, Totals, record_history};
use fullhold_stats_file::{Guid, Weapon};

use crate::conn::{Conn, load_blocking};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::Span;
use crate::queries::merges::merges;
use crate::queries::records::RecordHolder;
use crate::queries::scope::Scope;
use crate::schema::{player_comprehensive_stats as stats, weapon_stats};
use crate::statement::Statement;
use crate::{Db, Error, PlayerRow, Result, RoundId, ServerId, SessionId, Transaction, WeaponLine};

/// Records by measure (`Formula::id`), of each every time that it was set, oldest first.
pub(crate) type Histories = BTreeMap<&'static str, Vec<RecordHolder>>;

type RoundSql = (Integer, Text, Timestamp, Integer, Integer, Text, Text);

/// A round of a complete match.
#[derive(Clone, Debug, diesel::Queryable)]
pub(crate) struct Round {
    pub(crate) round_id: RoundId,
    pub(crate) match_id: String,
    pub(crate) ended_at: time::PrimitiveDateTime,
    pub(crate) session_id: SessionId,
    pub(crate) server_id: ServerId,
    pub(crate) session_key: String,
    pub(crate) map_name: String,
}

/// What somebody did.
pub(crate) struct Performed {
    guid: Guid,
    totals: Totals,
    /// Position of the round, or of the last one, in the list of rounds.
    round: usize,
}

impl Db {
    /// Every time that a record was set, oldest first: the last is who holds it, the one before who held it before. Of
    /// all maps only the best of each evening tells; of one map (`scope.maps`), every round. The scope's players and
    /// sessions are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_history(&self, span: Span, record: &Record, scope: &Scope) -> Result<Vec<RecordHolder>> {
        if !scope.maps.is_empty() {
            let mut found = self.map_records(span, scope).await?;
            return Ok(found.remove(record.value.id).unwrap_or_default());
        }
        let mut all = self.record_holders(span, record.value.id, scope, i64::MAX).await?;
        all.sort_by(|a, b| {
            (a.ended_at, &a.player_guid).cmp(&(b.ended_at, &b.player_guid)).then(b.value.total_cmp(&a.value))
        });
        let mut best = 0.0;
        all.retain(|one| {
            let is_better = one.value > best;
            best = one.value.max(best);
            is_better
        });
        Ok(all)
    }

    /// Every record that was set on some maps, by measure (`Formula::id`), oldest first: of single rounds, of matches, or
    /// of all that a player did on these maps in an evening. Only valid rounds of complete matches count.
    ///
    /// # Errors
    /// The database failed.
    pub async fn map_records(&self, span: Span, scope: &Scope) -> Result<Histories> {
        self.read(|tx, _| Box::pin(tx.map_records(span, scope))).await
    }
}

impl Transaction {
    async fn map_records(&mut self, span: Span, scope: &Scope) -> Result<Histories> {
        let rounds = rounds_on(&mut self.conn, scope).await?;
        let performed = performed(&mut self.conn, span, &rounds, None).await?;
        Ok(histories(&rounds, &performed))
    }
}

/// Every time that a record was set among these.
pub(crate) fn histories(rounds: &[Round], performed: &[Performed]) -> Histories {
    let mark = |one: &Performed| {
        let round = rounds.get(one.round)?;
        let ended_at = round.ended_at.assume_utc().unix_timestamp();
        Some(RoundMark { ended_at, number: i64::try_from(one.round).ok()? })
    };
    let all: Vec<Performance<'_>> = performed
        .iter()
        .filter_map(|one| Some(Performance { guid: one.guid, totals: &one.totals, at: mark(one)? }))
        .collect();
    let holder = |held: &Held| {
        let round = rounds.get(usize::try_from(held.at.number).ok()?)?;
        Some(RecordHolder {
            value: held.value,
            player_guid: held.guid.to_string(),
            round_id: round.round_id,
            server_id: round.server_id,
            session_key: round.session_key.clone(),
            map_name: round.map_name.clone(),
            match_id: round.match_id.clone(),
            ended_at: round.ended_at,
        })
    };
    let of = |record: &'static Record| {
        let held: Vec<RecordHolder> = record_history(record, &all).iter().filter_map(holder).collect();
        (record.value.id, held)
    };
    RECORDS.iter().map(of).filter(|(_, held)| !held.is_empty()).collect()
}

/// The rounds that count, of complete matches on the scope's maps, oldest first.
async fn rounds_on(conn: &mut Conn, scope: &Scope) -> Result<Vec<Round>> {
    let statement = on_maps(scope);
    let found: Vec<Round> = load_blocking!(conn, statement).map_err(Error::query("reading the rounds of a map"))?;
    Ok(within(scope, found))
}

/// What is valid and complete is spelled out: the index of maps holds those rounds alone.
pub(crate) fn on_maps(scope: &Scope) -> Statement<RoundSql> {
    let mut statement = Statement::new(
        "SELECT r.id, r.match_id, r.ended_at, r.gaming_session_id, r.server_id, s.session_key, r.map_name FROM rounds r \
         JOIN gaming_sessions s ON s.id = r.gaming_session_id WHERE r.is_valid AND r.match_state = 'complete'",
    );
    statement.and_text_in("r.map_name", &scope.maps);
    statement
}

/// Those of a scope's servers and days, oldest first.
pub(crate) fn within(scope: &Scope, mut rounds: Vec<Round>) -> Vec<Round> {
    rounds.retain(|round| {
        let day = round.session_key.get(..10).unwrap_or_default();
        (scope.servers.is_empty() || scope.servers.contains(&round.server_id))
            && scope.period.from.is_none_or(|from| day >= from.to_string().as_str())
            && scope.period.to.is_none_or(|to| day <= to.to_string().as_str())
    });
    rounds.sort_by_key(|round| (round.ended_at, round.round_id));
    rounds
}

/// What everybody, or the players with some guids, did in each round, match or evening of these.
pub(crate) async fn performed(
    conn: &mut Conn,
    span: Span,
    rounds: &[Round],
    guids: Option<&[String]>,
) -> Result<Vec<Performed>> {
    let merges: BTreeMap<String, String> = merges(conn).await?.into_iter().collect();
    let positions: BTreeMap<RoundId, usize> =
        rounds.iter().enumerate().map(|(position, round)| (round.round_id, position)).collect();
    let ids: Vec<RoundId> = rounds.iter().map(|round| round.round_id).collect();
    let mut of_rounds: BTreeMap<(usize, Guid), Totals> = BTreeMap::new();
    for ids in ids.chunks(PARAMETERS) {
        let lines = lines_in(conn, ids, guids).await?;
        let wanted = ids.to_vec();
        let grenades: Vec<WeaponLine> = load_blocking!(
            &mut *conn,
            weapon_stats::table
                .filter(weapon_stats::round_id.eq_any(wanted))
                .filter(weapon_stats::weapon_name.eq(Weapon::Grenade.name()))
                .select(WeaponLine::as_select())
        )
        .map_err(Error::query("reading the grenades of a map"))?;
        let grenades: BTreeMap<(RoundId, &str), &WeaponLine> =
            grenades.iter().map(|line| ((line.round_id, line.player_guid.as_str()), line)).collect();
        for line in lines.iter().filter(|line| line.counts()) {
            let person = merges.get(&line.player_guid).unwrap_or(&line.player_guid);
            let (Some(guid), Some(round)) = (Guid::new(person), positions.get(&line.round_id)) else { continue };
            let sum = of_rounds.entry((*round, guid)).or_default();
            let totals = line.totals(grenades.get(&(line.round_id, line.player_guid.as_str())).copied());
            *sum = Totals { rounds: 1, ..*sum + totals };
        }
    }
    Ok(grouped(span, rounds, of_rounds))
}

/// The lines of everybody, or of some guids, in some rounds.
async fn lines_in(conn: &mut Conn, ids: &[RoundId], guids: Option<&[String]>) -> Result<Vec<PlayerRow>> {
    let wanted = ids.to_vec();
    let lines: diesel::QueryResult<Vec<PlayerRow>> = match guids.map(<[String]>::to_vec) {
        None => load_blocking!(
            &mut *conn,
            stats::table.filter(stats::round_id.eq_any(wanted)).select(PlayerRow::as_select())
        ),
        Some(guids) => load_blocking!(
            &mut *conn,
            stats::table
                .filter(stats::round_id.eq_any(wanted).and(stats::player_guid.eq_any(guids)))
                .select(PlayerRow::as_select())
        ),
    };
    lines.map_err(Error::query("reading lines for records"))
}

/// The sums of rounds, of whole matches, or of evenings. A match counts with both of its rounds alone.
fn grouped(span: Span, rounds: &[Round], of_rounds: BTreeMap<(usize, Guid), Totals>) -> Vec<Performed> {
    let mut halves: BTreeMap<(ServerId, &str), usize> = BTreeMap::new();
    for round in rounds {
        *halves.entry((round.server_id, &round.match_id)).or_default() += 1;
    }
    let is_whole = |round: &Round| halves.get(&(round.server_id, round.match_id.as_str())) == Some(&2);
    let mut sums: BTreeMap<(ServerId, i32, &str, Guid), Performed> = BTreeMap::new();
    for ((position, guid), totals) in of_rounds {
        let Some(round) = rounds.get(position) else { continue };
        let key = match span {
            Span::Round => (round.server_id, round.round_id.0, "", guid),
            Span::Match if is_whole(round) => (round.server_id, 0, round.match_id.as_str(), guid),
            Span::Evening if is_whole(round) => (round.server_id, round.session_id.0, "", guid),
            Span::Match | Span::Evening => continue,
        };
        let sum = sums.entry(key).or_insert(Performed { guid, totals: Totals::default(), round: position });
        sum.totals = sum.totals + totals;
        sum.round = position.max(sum.round);
    }
    // The last round of a match or evening is that of everybody, whoever left before.
    let mut last: BTreeMap<(ServerId, i32, &str), usize> = BTreeMap::new();
    for ((server, id, name, _), one) in &sums {
        let round = last.entry((*server, *id, name)).or_default();
        *round = one.round.max(*round);
    }
    sums.into_iter()
        .map(|((server, id, name, _), one)| {
            let round = last.get(&(server, id, name)).copied().unwrap_or(one.round);
            Performed { round, ..one }
        })
        .collect()
}
