//! Who plays with whom: results of everybody who was in one team with somebody.

use std::collections::BTreeMap;

use diesel::sql_types::{Integer, Text};

use crate::conn::load_blocking;
use crate::queries::scope::Scope;
use crate::statement::Statement;
use crate::{Db, Error, Result, SessionId};

/// Two players, and how the decided matches ended in which both were in one team: see [`Db::pairs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairResults {
    /// The first, as whom they are counted.
    pub one: String,
    /// The second.
    pub other: String,
    /// Matches won together.
    pub won: i64,
    /// Matches drawn together.
    pub drawn: i64,
    /// Matches lost together.
    pub lost: i64,
}

type ResultsSql = (Integer, Text, Text, Integer, Text);
/// Session, match, team, margin, player.
type ResultsRow = (SessionId, String, String, i32, String);

impl Db {
    /// Pairs with at least so many decided matches in one team. With a player, those of that player, who is the first of each;
    /// without, all, and the guid of the first is the smaller one. Ordered by the guids.
    ///
    /// # Errors
    /// The database failed.
    pub async fn pairs(&self, player: Option<&str>, least: i64, scope: &Scope) -> Result<Vec<PairResults>> {
        let mut conn = self.reading_conn().await?;
        let statement = results(player, scope);
        let rows: Vec<ResultsRow> = load_blocking!(&mut conn, statement).map_err(Error::query("reading results"))?;
        let mut pairs: BTreeMap<(&str, &str), PairResults> = BTreeMap::new();
        // Rows of a team in a match stand together.
        for team in rows.chunk_by(|a, b| (a.0, &a.1, &a.2) == (b.0, &b.1, &b.2)) {
            for (index, (.., margin, one)) in team.iter().enumerate() {
                for (.., other) in team.iter().skip(index + 1) {
                    let (one, other) = match player {
                        Some(player) if other == player => (other, one),
                        Some(player) if one != player => continue,
                        _ => (one, other),
                    };
                    let pair = pairs.entry((one, other)).or_insert_with(|| PairResults {
                        one: one.clone(),
                        other: other.clone(),
                        won: 0,
                        drawn: 0,
                        lost: 0,
                    });
                    pair.won += i64::from(*margin > 0);
                    pair.drawn += i64::from(*margin == 0);
                    pair.lost += i64::from(*margin < 0);
                }
            }
        }
        Ok(pairs.into_values().filter(|pair| pair.won + pair.drawn + pair.lost >= least).collect())
    }
}

/// The results of everybody, or of those who were in a session with a player. Joining them with themselves would take
/// the square of the time.
pub(crate) fn results(player: Option<&str>, scope: &Scope) -> Statement<ResultsSql> {
    let mut statement =
        Statement::new("SELECT a.session_id, a.match_id, a.team, CAST(a.margin AS INTEGER), a.person FROM ");
    match player {
        Some(player) => {
            statement
                .sql(
                    "player_session_totals p JOIN gaming_sessions s ON s.id = p.session_id \
                     JOIN counted_results a ON a.session_id = s.id WHERE p.player_guid = ",
                )
                .text(player);
        }
        None => {
            statement.sql("gaming_sessions s JOIN counted_results a ON a.session_id = s.id WHERE s.valid_rounds > 0");
        }
    }
    scope.of_sessions(&mut statement);
    scope.of_maps(&mut statement, "a.map_name");
    statement.sql(" ORDER BY a.session_id, a.match_id, a.team, a.person");
    statement
}
