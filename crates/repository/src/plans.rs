//! Test support: the plans of the questions, as the databases tell them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use diesel::connection::InstrumentationEvent;
use diesel::sql_types::{Integer, Text};
use fullhold_analytics::board;
use time::{Date, Month};

use crate::conn::{Conn, load_blocking};
use crate::models::Span;
use crate::queries::counters::Counters;
use crate::queries::scope::{Period, Scope};
use crate::queries::{career, freshness, maps, pairs, records, totals};
use crate::statement::Statement;
use crate::{Db, Error, Result, SessionId};

/// How a database answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which question.
    pub question: &'static str,
    /// How each table is read, in the database's words.
    pub steps: Vec<String>,
    /// Tables that are read from end to end.
    pub walked: Vec<String>,
}

/// PostgreSQL walks a small table whatever indexes it has, unless it is told not to.
const WITHOUT_WALKING: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; \
    SET enable_mergejoin = off; SET enable_material = off";

type SqlitePlan = (Integer, Integer, Integer, Text);

impl Db {
    /// The plans of all questions. PostgreSQL is told to walk a table only where there is no other way: it does so with
    /// small ones whatever indexes they have.
    ///
    /// # Errors
    /// The database failed.
    pub async fn plans(&self) -> Result<Vec<Plan>> {
        let mut conn = self.conn().await?;
        if matches!(conn, Conn::Postgres(_)) {
            conn.batch(WITHOUT_WALKING).await.map_err(Error::query("preparing for plans"))?;
        }
        let result = plans(&mut conn).await;
        if matches!(conn, Conn::Postgres(_)) {
            conn.batch("RESET ALL").await.map_err(Error::query("resetting a connection"))?;
        }
        result
    }
}

async fn plans(conn: &mut Conn) -> Result<Vec<Plan>> {
    let day = |month, day| Date::from_calendar_date(2025, month, day).ok();
    let all = Scope::default();
    let period = Scope { period: Period { from: day(Month::February, 3), to: day(Month::November, 9) }, ..all.clone() };
    let of_player = Scope { players: vec!["AAAAAAAA".to_owned()], ..all.clone() };
    let on_map = Scope { maps: vec!["supply".to_owned()], ..all.clone() };
    let of_session = Scope { sessions: vec![SessionId(1)], ..all.clone() };
    let kills = board("kills").map(Counters::of_board).unwrap_or_else(|_unknown| Counters::all());
    let mut found = Vec::new();
    for (question, scope) in [
        ("board over all time", &all),
        ("board over a period", &period),
        ("board on a map", &on_map),
        ("totals of a player", &of_player),
        ("totals of a session", &of_session),
    ] {
        for statement in totals::statements(scope, &kills) {
            found.push(explain(conn, question, statement).await?);
        }
    }
    found.push(explain(conn, "a player's maps", career::by_map(&of_player)).await?);
    found.push(explain(conn, "a player's weapons", career::by_weapon(&of_player)).await?);
    found.push(explain(conn, "a player's sessions", career::history("AAAAAAAA", &all, 10)).await?);
    found.push(explain(conn, "together and against", career::shared("AAAAAAAA", "BBBBBBBB", &all)).await?);
    found.push(explain(conn, "pairs of a player", pairs::results(Some("AAAAAAAA"), &all)).await?);
    found.push(explain(conn, "pairs", pairs::results(None, &period)).await?);
    found.push(explain(conn, "records", records::record_holders(Span::Round, "kills", &all, 10)).await?);
    found.push(explain(conn, "records of a period", records::record_holders(Span::Round, "kills", &period, 10)).await?);
    found.push(explain(conn, "maps", maps::maps(&all)).await?);
    found.push(explain(conn, "maps of a period", maps::maps(&period)).await?);
    found.push(explain(conn, "freshness", freshness::freshness()).await?);
    Ok(found)
}

async fn explain<ST: Send + 'static>(conn: &mut Conn, question: &'static str, asked: Statement<ST>) -> Result<Plan> {
    let sql = asked.texts();
    Ok(match conn {
        Conn::Sqlite(_) => {
            let statement: Statement<SqlitePlan> = asked.behind("EXPLAIN QUERY PLAN ");
            let rows: Vec<(i32, i32, i32, String)> =
                load_blocking!(conn, statement).map_err(Error::query("explaining"))?;
            sqlite_plan(question, &sql, rows.into_iter().map(|row| row.3))
        }
        Conn::Postgres(_) => {
            let statement: Statement<Text> = asked.behind("EXPLAIN (COSTS OFF) ");
            let rows: Vec<String> = load_blocking!(conn, statement).map_err(Error::query("explaining"))?;
            postgres_plan(question, rows.into_iter())
        }
    })
}

fn sqlite_plan(question: &'static str, sql: &str, steps: impl Iterator<Item = String>) -> Plan {
    let steps: Vec<String> = steps.filter(|step| step.starts_with("SCAN ") || step.starts_with("SEARCH ")).collect();
    let walked = steps.iter().filter_map(|step| step.strip_prefix("SCAN "));
    let walked = walked.filter_map(|rest| rest.split(' ').next()).map(|alias| table_of(sql, alias)).collect();
    Plan { question, steps, walked }
}

fn postgres_plan(question: &'static str, lines: impl Iterator<Item = String>) -> Plan {
    let steps: Vec<String> = lines
        .filter(|line| line.contains(" Scan "))
        .map(|line| line.trim_start_matches([' ', '-', '>']).to_owned())
        .collect();
    let walked = steps.iter().filter_map(|step| step.strip_prefix("Seq Scan on "));
    let walked = walked.filter_map(|rest| rest.split(' ').next()).map(str::to_owned).collect();
    Plan { question, steps, walked }
}

/// Statements that were run since [`record_statements`], each once.
static RECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Has every connection that is made from now on note the statements that it runs. For a test alone in its process.
///
/// # Errors
/// Diesel refused it.
pub fn record_statements() -> Result<()> {
    diesel::connection::set_default_instrumentation(|| Some(Box::new(note))).map_err(Error::query("noting statements"))
}

#[expect(clippy::needless_pass_by_value, reason = "as Diesel calls it")]
fn note(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let text = query.to_string();
        let sql = text.split(" -- binds: ").next().unwrap_or_default().to_owned();
        RECORDED.lock().unwrap_or_else(PoisonError::into_inner).insert(sql);
    }
}

/// The questions among the recorded statements; none are recorded any more.
#[must_use]
pub fn recorded_questions() -> Vec<String> {
    let mut recorded = RECORDED.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut *recorded).into_iter().filter(|sql| sql.starts_with("SELECT ")).collect()
}

#[derive(diesel::QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(diesel::QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

impl Db {
    /// How the database answers a statement, whatever its values are.
    ///
    /// # Errors
    /// The database does not know such a statement.
    pub async fn plan_of(&self, sql: &str) -> Result<Plan> {
        let mut conn = self.conn().await?;
        let explaining = Error::query("explaining a statement");
        if let Conn::Sqlite(_) = conn {
            let asked = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
            let rows: Vec<SqliteStep> = load_blocking!(&mut conn, asked).map_err(explaining)?;
            return Ok(sqlite_plan("a statement", sql, rows.into_iter().map(|row| row.detail)));
        }
        let values = (1..100).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "NULL");
        let values: Vec<&str> = values.collect();
        let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        let prepare = format!("{WITHOUT_WALKING}; SET plan_cache_mode = force_generic_plan; PREPARE plan_of AS {sql}");
        conn.batch(&prepare).await.map_err(Error::query("preparing a statement"))?;
        let asked = diesel::sql_query(format!("EXPLAIN (COSTS OFF) EXECUTE plan_of{values}"));
        let rows: diesel::QueryResult<Vec<PostgresStep>> = load_blocking!(&mut conn, asked);
        conn.batch("DEALLOCATE plan_of; RESET ALL").await.map_err(Error::query("resetting a connection"))?;
        Ok(postgres_plan("a statement", rows.map_err(explaining)?.into_iter().map(|row| row.line)))
    }
}

/// The table behind an alias: it stands before it in the statement.
fn table_of(sql: &str, alias: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let named = words.windows(3).find(|three| matches!(three, ["FROM" | "JOIN", _, name] if *name == alias));
    named.and_then(|three| three.get(1)).map_or(alias, |table| *table).trim_start_matches('(').to_owned()
}
