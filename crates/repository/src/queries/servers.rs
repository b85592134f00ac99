//! Game servers as people name them: listed, renamed, given another zone, removed.

use diesel::dsl::{count_star, max};
use time::PrimitiveDateTime;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{processed_files, rounds, servers};
use crate::{Db, Error, Result, ServerRow, Transaction};

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
                let files: Vec<(i32, i64)> = on_backend!(conn, c => processed_files::table
                .group_by(processed_files::server_id)
                .select((processed_files::server_id, count_star())).load(c).await)
                .map_err(Error::query("counting files"))?;
                let played: Vec<(i32, i64, Option<PrimitiveDateTime>)> = on_backend!(conn, c => rounds::table
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

    /// Removes a server and everything that hangs on it but the derived rows, which
    /// [`Transaction::forget`] removes before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_server(&mut self, id: i32) -> Result<()> {
        on_backend!(&mut self.conn, c => diesel::delete(servers::table.find(id)).execute(c).await.map(drop))
            .map_err(Error::query("removing a server"))
    }
}
