//! Game servers as people name them: listed, renamed, given another zone, removed.

use diesel::dsl::{count_star, exists, max};
use time::PrimitiveDateTime;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{gaming_sessions, matches, processed_files, rounds, server_rules, servers, session_teams};
use crate::{Db, Error, Result, RulesRow, ServerId, ServerRow, Transaction, bulk};

/// A server with what is stored of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// Its row.
    pub server: ServerRow,
    /// Files, in whatever state.
    pub files: i64,
    /// Rounds, valid or not.
    pub rounds: i64,
    /// End of the newest round, UTC.
    pub newest: Option<PrimitiveDateTime>,
}

impl Db {
    /// All game servers, by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn servers(&self) -> Result<Vec<ServerRow>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => servers::table.order(servers::id).select(ServerRow::as_select()).load(c).await)
            .map_err(Error::query("reading servers"))
    }

    /// All game servers by name, with what is stored of them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_infos(&self) -> Result<Vec<ServerInfo>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let rows: Vec<ServerRow> = on_backend!(conn, c => servers::table
                .order(servers::name).select(ServerRow::as_select()).load(c).await)
                .map_err(Error::query("reading servers"))?;
                let files: Vec<(ServerId, i64)> = on_backend!(conn, c => processed_files::table
                .group_by(processed_files::server_id)
                .select((processed_files::server_id, count_star())).load(c).await)
                .map_err(Error::query("counting files"))?;
                let played: Vec<(ServerId, i64, Option<PrimitiveDateTime>)> = on_backend!(conn, c => rounds::table
                .group_by(rounds::server_id)
                .select((rounds::server_id, count_star(), max(rounds::ended_at))).load(c).await)
                .map_err(Error::query("counting rounds"))?;
                let info = |server: ServerRow| {
                    let files = files.iter().find(|row| row.0 == server.id).map_or(0, |row| row.1);
                    let played = played.iter().find(|row| row.0 == server.id);
                    ServerInfo {
                        server,
                        files,
                        rounds: played.map_or(0, |row| row.1),
                        newest: played.and_then(|row| row.2),
                    }
                };
                Ok(rows.into_iter().map(info).collect())
            })
        })
        .await
    }
}

impl Transaction {
    /// Changes a server's name and zone; what follows from the zone is computed by the caller.
    ///
    /// # Errors
    /// The database failed.
    pub async fn change_server(&mut self, server: &ServerRow) -> Result<()> {
        let target = servers::table.find(server.id);
        let set = (servers::name.eq(&server.name), servers::timezone.eq(&server.timezone));
        on_backend!(&mut self.conn, c => diesel::update(target).set(set).execute(c).await.map(drop))
            .map_err(Error::query("changing a server"))
    }

    /// The rules that each server's rounds were computed with. Servers without a round have none,
    /// and those whose rounds are older than the records.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rules(&mut self) -> Result<Vec<RulesRow>> {
        on_backend!(&mut self.conn, c => server_rules::table
            .order(server_rules::server_id).select(RulesRow::as_select()).load(c).await)
        .map_err(Error::query("reading the recorded rules"))
    }

    /// A server, and the rules that its rounds were computed with, if they are recorded.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_and_rules(&mut self, id: ServerId) -> Result<Option<(ServerRow, Option<RulesRow>)>> {
        on_backend!(&mut self.conn, c => servers::table
            .left_join(server_rules::table.on(server_rules::server_id.eq(servers::id)))
            .filter(servers::id.eq(id))
            .select((ServerRow::as_select(), Option::<RulesRow>::as_select())).first(c).await.optional())
        .map_err(Error::query("reading a server and its rules"))
    }

    /// Records the rules that a server's rounds are computed with.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_rules(&mut self, rules: RulesRow) -> Result<()> {
        bulk::insert(&mut self.conn, vec![rules]).await.map_err(Error::query("recording rules"))
    }

    /// Removes all matches of a server and all teams of its evenings. They are written anew by the
    /// caller.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clear_matches_and_teams(&mut self, server_id: ServerId) -> Result<()> {
        let of_server = matches::table.filter(matches::server_id.eq(server_id));
        on_backend!(&mut self.conn, c => diesel::delete(of_server).execute(c).await.map(drop))
            .map_err(Error::query("removing the matches of a server"))?;
        let evenings =
            gaming_sessions::table.filter(gaming_sessions::server_id.eq(server_id)).select(gaming_sessions::id);
        let teams = session_teams::table.filter(session_teams::session_id.eq_any(evenings));
        on_backend!(&mut self.conn, c => diesel::delete(teams).execute(c).await.map(drop))
            .map_err(Error::query("removing the teams of a server"))
    }

    /// Whether a server has a round.
    ///
    /// # Errors
    /// The database failed.
    pub async fn has_rounds(&mut self, server_id: ServerId) -> Result<bool> {
        let any = diesel::select(exists(rounds::table.filter(rounds::server_id.eq(server_id))));
        on_backend!(&mut self.conn, c => any.get_result(c).await).map_err(Error::query("looking for a round"))
    }

    /// Removes a server and everything that hangs on it but the derived rows, which
    /// [`Transaction::forget`] removes before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_server(&mut self, id: ServerId) -> Result<()> {
        on_backend!(&mut self.conn, c => diesel::delete(servers::table.find(id)).execute(c).await.map(drop))
            .map_err(Error::query("removing a server"))
    }
}
