//! What is computed anew before the commit, because something that it follows from was written: sums of seasons, ratings,
//! the ledger of achievements. Noted on the way, done once, in this order.

use std::collections::BTreeMap;

use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::rollups::StaleSeasons;
use crate::schema::{gaming_sessions, player_session_totals, servers};
use crate::{Error, Result, ServerId, SessionId, SessionSums, ledger, ratings};

/// What is stale.
#[derive(Default)]
pub(crate) struct Stale {
    seasons: StaleSeasons,
    /// By server: ratings of matches that ended from this instant on.
    ratings: BTreeMap<ServerId, PrimitiveDateTime>,
    /// By server and player: what was earned in sessions from this key on.
    ledger: BTreeMap<ServerId, BTreeMap<String, String>>,
    /// Everything derived was forgotten.
    everything: bool,
}

/// Server, key and beginning of a session, and a player of it.
type Playing = (ServerId, String, PrimitiveDateTime, String);

impl Stale {
    /// All derived rows are gone.
    pub(crate) fn add_everything(&mut self) {
        self.everything = true;
    }

    /// A session was computed anew; its ratings from an instant on, if any.
    pub(crate) fn add_session(&mut self, sums: &SessionSums, ratings_from: Option<PrimitiveDateTime>) {
        if let Some(from) = ratings_from {
            self.add_instant(sums.server_id, from);
        }
        for row in &sums.players {
            self.add_earner(sums.server_id, &sums.session_key, &row.player_guid);
        }
    }

    /// Sums of a player in a session changed.
    pub(crate) fn add_player(&mut self, server_id: ServerId, session_key: &str, guid: &str) {
        self.seasons.add(server_id, session_key, [guid.to_owned()]);
        self.add_earner(server_id, session_key, guid);
    }

    fn add_instant(&mut self, server_id: ServerId, at: PrimitiveDateTime) {
        let from = self.ratings.entry(server_id).or_insert(at);
        *from = at.min(*from);
    }

    fn add_earner(&mut self, server_id: ServerId, session_key: &str, guid: &str) {
        let earners = self.ledger.entry(server_id).or_default();
        match earners.get_mut(guid) {
            Some(from) if session_key < from.as_str() => session_key.clone_into(from),
            Some(_) => {}
            None => {
                earners.insert(guid.to_owned(), session_key.to_owned());
            }
        }
    }

    /// Everybody in these sessions as they are stored, which are about to go or to change.
    pub(crate) async fn add_sessions(&mut self, conn: &mut Conn, ids: &[SessionId]) -> Result<()> {
        use player_session_totals as t;
        for ids in ids.chunks(PARAMETERS) {
            let rows: Vec<Playing> = on_backend!(&mut *conn, c => t::table
                .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(t::session_id)))
                .filter(t::session_id.eq_any(ids))
                .select((
                    gaming_sessions::server_id,
                    gaming_sessions::session_key,
                    gaming_sessions::started_at,
                    t::player_guid,
                ))
                .load(c).await)
            .map_err(Error::query("reading who played in evenings that go"))?;
            for (server, key, started_at, guid) in rows {
                self.add_instant(server, started_at);
                self.add_player(server, &key, &guid);
            }
        }
        Ok(())
    }

    /// Computes all of it.
    pub(crate) async fn refresh(mut self, conn: &mut Conn) -> Result<()> {
        if self.everything {
            let all: Vec<ServerId> = on_backend!(&mut *conn, c => servers::table.select(servers::id).load(c).await)
                .map_err(Error::query("listing servers"))?;
            self.ratings = all.into_iter().map(|server| (server, ratings::BEGINNING)).collect();
        }
        self.seasons.refresh(conn).await?;
        for (server, from) in self.ratings {
            ratings::refresh(conn, server, from).await?;
        }
        if self.everything {
            return ledger::refresh_everything(conn).await;
        }
        for (server, earners) in self.ledger {
            ledger::refresh(conn, server, &earners).await?;
        }
        Ok(())
    }
}
