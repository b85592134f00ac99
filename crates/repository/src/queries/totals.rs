//! Sums of players over a scope: what boards, seasons and pools are made of. Whole quarters come from the sums of
//! seasons, the rest from those of sessions; a question about maps from those by map.

use std::collections::BTreeMap;

use fullhold_analytics::Totals;

use crate::conn::{Conn, load_blocking};
use crate::queries::counters::{Counters, SumsRow, SumsSql};
use crate::queries::scope::{Cut, Period, Scope};
use crate::statement::Statement;
use crate::{Db, Error, Result, Transaction};

impl Db {
    /// The sums of every player in a scope, by the guid that they are counted as. Counters that were not asked for are 0
    /// or unknown.
    ///
    /// # Errors
    /// The database failed.
    pub async fn totals(&self, scope: &Scope, counters: &Counters) -> Result<BTreeMap<String, Totals>> {
        self.read(|tx, _| Box::pin(tx.totals(scope, counters))).await
    }
}

impl Transaction {
    /// As [`Db::totals`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn totals(&mut self, scope: &Scope, counters: &Counters) -> Result<BTreeMap<String, Totals>> {
        let mut sums: BTreeMap<String, Totals> = BTreeMap::new();
        for statement in statements(scope, counters) {
            for (guid, sum) in load(&mut self.conn, statement).await? {
                let all = sums.entry(guid).or_default();
                *all = *all + sum;
            }
        }
        Ok(sums)
    }
}

/// What is to be asked: the results are added.
pub(crate) fn statements(scope: &Scope, counters: &Counters) -> Vec<Statement<SumsSql>> {
    if !scope.maps.is_empty() {
        return vec![by_map(scope, counters)];
    }
    if !scope.sessions.is_empty() {
        return vec![by_session(scope, scope.period, counters)];
    }
    let Cut { whole, edges } = scope.period.cut();
    let seasons = whole.map(|[first, last]| by_season(scope, [first.as_deref(), last.as_deref()], counters));
    seasons.into_iter().chain(edges.into_iter().map(|edge| by_session(scope, edge, counters))).collect()
}

fn by_season(scope: &Scope, [first, last]: [Option<&str>; 2], counters: &Counters) -> Statement<SumsSql> {
    let mut statement = Statement::new("SELECT t.player_guid, CAST(sum(t.evenings) AS BIGINT)");
    counters.add_up(&mut statement);
    statement.sql(" FROM player_season_totals t WHERE t.evenings > 0");
    if let Some(first) = first {
        statement.sql(" AND t.season >= ").text(first);
    }
    if let Some(last) = last {
        statement.sql(" AND t.season <= ").text(last);
    }
    statement.and_integer_in("t.server_id", &scope.servers);
    scope.of_players(&mut statement, "t.player_guid");
    statement.sql(" GROUP BY t.player_guid");
    statement
}

fn by_session(scope: &Scope, period: Period, counters: &Counters) -> Statement<SumsSql> {
    let mut statement = Statement::new("SELECT t.player_guid, count(*)");
    counters.add_up(&mut statement);
    statement
        .sql(" FROM gaming_sessions s JOIN player_session_totals t ON t.session_id = s.id WHERE s.valid_rounds > 0");
    scope.of_sessions_in(&mut statement, period);
    scope.of_players(&mut statement, "t.player_guid");
    statement.sql(" GROUP BY t.player_guid");
    statement
}

fn by_map(scope: &Scope, counters: &Counters) -> Statement<SumsSql> {
    let mut statement = Statement::new("SELECT t.player_guid, count(DISTINCT t.session_id)");
    counters.add_up(&mut statement);
    statement.sql(" FROM player_map_totals t JOIN gaming_sessions s ON s.id = t.session_id WHERE s.valid_rounds > 0");
    scope.of_maps(&mut statement, "t.map_name");
    scope.of_sessions(&mut statement);
    scope.of_players(&mut statement, "t.player_guid");
    statement.sql(" GROUP BY t.player_guid");
    statement
}

/// Runs a statement of sums.
pub(crate) async fn load(conn: &mut Conn, statement: Statement<SumsSql>) -> Result<Vec<(String, Totals)>> {
    let rows: Vec<SumsRow> = load_blocking!(conn, statement).map_err(Error::query("adding up"))?;
    Ok(rows
        .into_iter()
        .map(|(of, evenings, row)| (of, Totals { evenings: evenings.unwrap_or(0), ..row.into() }))
        .collect())
}
