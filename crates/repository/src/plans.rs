//! Test support: the plans of the questions, as the databases tell them.

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
            conn.batch(
                "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; \
                        SET enable_mergejoin = off; SET enable_material = off",
            )
            .await
            .map_err(Error::query("preparing for plans"))?;
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
    let (steps, walked) = match conn {
        Conn::Sqlite(_) => {
            let statement: Statement<SqlitePlan> = asked.behind("EXPLAIN QUERY PLAN ");
            let rows: Vec<(i32, i32, i32, String)> =
                load_blocking!(conn, statement).map_err(Error::query("explaining"))?;
            let steps: Vec<String> = rows.into_iter().map(|row| row.3).collect();
            let steps: Vec<String> =
                steps.into_iter().filter(|step| step.starts_with("SCAN ") || step.starts_with("SEARCH ")).collect();
            let walked = steps.iter().filter_map(|step| step.strip_prefix("SCAN "));
            let walked = walked.filter_map(|rest| rest.split(' ').next()).map(|alias| table_of(&sql, alias)).collect();
            (steps, walked)
        }
        Conn::Postgres(_) => {
            let statement: Statement<Text> = asked.behind("EXPLAIN (COSTS OFF) ");
            let rows: Vec<String> = load_blocking!(conn, statement).map_err(Error::query("explaining"))?;
            let steps: Vec<String> = rows
                .into_iter()
                .filter(|line| line.contains(" Scan "))
                .map(|line| line.trim_start_matches([' ', '-', '>']).to_owned())
                .collect();
            let walked = steps.iter().filter_map(|step| step.strip_prefix("Seq Scan on "));
            (steps.clone(), walked.filter_map(|rest| rest.split(' ').next()).map(str::to_owned).collect())
        }
    };
    Ok(Plan { question, steps, walked })
}

/// The table behind an alias: it stands before it in the statement.
fn table_of(sql: &str, alias: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let named = words.windows(3).find(|three| matches!(three, ["FROM" | "JOIN", _, name] if *name == alias));
    named.and_then(|three| three.get(1)).map_or(alias, |table| *table).trim_start_matches('(').to_owned()
}
