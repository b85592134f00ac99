//! `importer show last-session`.

use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Settings};

use crate::evening::Report;
use crate::output::{chain, complain, print};
use crate::{config, text};

pub(crate) async fn last_session(settings: &Settings, json: bool) -> Exit {
    let shown = async {
        let db = Db::open(&config::database(settings), OpenMode::Existing).await?;
        if !json {
            return print_last_session(&db).await;
        }
        let report = db.last_evening().await?.as_ref().map(Report::new);
        // Plain numbers and texts always serialise.
        print(&format!("{}\n", serde_json::to_string(&report).unwrap_or_default()));
        Ok(())
    };
    match shown.await {
        Ok(()) => Exit::Fine,
        Err(error) => {
            complain(&chain(&error));
            Exit::Failed
        }
    }
}

pub(crate) async fn print_last_session(db: &Db) -> Result<(), fullhold_repository::Error> {
    match db.last_evening().await? {
        Some(evening) => print(&text::evening(&Report::new(&evening))),
        None => print("No evening yet: the database has no valid round.\n"),
    }
    Ok(())
}
