//! `bot --demo`: a throw-away database with the sample data, and its last evening.

use std::path::PathBuf;

use fullhold_console::{Bar, chain, complain, print};
use fullhold_ingest::Importer;
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Settings};
use time::OffsetDateTime;

use crate::args::Args;
use crate::{PROGRAM, console};

/// Where the sample data lies in a checkout.
const SAMPLES: &str = "testdata/good";

/// Imports the sample data and asks.
pub(crate) async fn run(args: &Args, settings: &Settings) -> Exit {
    let Some(samples) = samples() else {
        complain(PROGRAM, &format!("--demo: no folder {SAMPLES} here or above; run it in a checkout of Fullhold"));
        return Exit::Usage;
    };
    // Gone when the conversation ends.
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            complain(PROGRAM, &format!("could not make a folder for the database: {error}"));
            return Exit::Failed;
        }
    };
    match filled(&folder.path().join("demo.db"), samples, settings, args.json).await {
        Ok(db) => console::run(args, settings, db, &["last_session"]).await,
        Err(problem) => {
            complain(PROGRAM, &problem);
            Exit::Failed
        }
    }
}

/// The samples of this checkout: here or in a folder above.
fn samples() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(SAMPLES)).find(|folder| folder.is_dir())
}

async fn filled(file: &std::path::Path, samples: PathBuf, settings: &Settings, is_json: bool) -> Result<Db, String> {
    let mut config = fullhold_console::database(settings);
    let url = format!("sqlite://{}", file.display());
    config.url = url.parse().map_err(|error| chain(&error))?;
    let db = Db::open(&config, OpenMode::Create).await.map_err(|error| chain(&error))?;
    let rules = fullhold_console::ingest(settings);
    let importer = Importer::new(db, "demo", None, "UTC", rules, OffsetDateTime::now_utc).await;
    let importer = importer.map_err(|error| chain(&error))?;
    let summary = importer.run(vec![samples], &Bar::new(!is_json)).await.map_err(|error| chain(&error))?;
    if !is_json {
        print(&format!(
            "{} sample files imported in {:.2} s. Type help for all commands, Tab for what may come next, quit to leave.\n\n",
            summary.imported,
            summary.elapsed.as_secs_f64()
        ));
    }
    Ok(importer.db().clone())
}
