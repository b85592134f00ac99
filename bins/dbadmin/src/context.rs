//! What every command has at hand: settings, how to print, how to ask.

use std::io::{BufRead as _, Write as _};

use fullhold_maintenance::Maintenance;
use fullhold_repository::{Backend, Config, Db, OpenMode};
use fullhold_settings::{Exit, Settings};
use serde_json::Value;
use time::{OffsetDateTime, PrimitiveDateTime};

pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) json: bool,
    pub(crate) yes: bool,
    /// Also say where the time went.
    pub(crate) verbose: bool,
    /// Who is acting, for the audit log.
    pub(crate) by: String,
}

pub(crate) use fullhold_console::counted;

/// Why a command ends before its work is done.
pub(crate) struct Stop {
    exit: Exit,
    text: String,
}

pub(crate) type Outcome = Result<Exit, Stop>;

impl Stop {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, text: text.into() }
    }

    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, text: text.into() }
    }

    /// Tells the person, once, here at the edge.
    pub(crate) fn tell(&self) -> Exit {
        complain(&self.text);
        self.exit
    }
}

impl From<fullhold_repository::Error> for Stop {
    fn from(error: fullhold_repository::Error) -> Self {
        use fullhold_repository::Error;
        let text = fullhold_console::chain(&error);
        match error {
            Error::Exists { .. } | Error::Folder { .. } | Error::NoPlainFile { .. } | Error::DatabaseItself { .. } => {
                Self::usage(text)
            }
            _ => Self::failed(text),
        }
    }
}

impl From<fullhold_ingest::Error> for Stop {
    fn from(error: fullhold_ingest::Error) -> Self {
        fullhold_maintenance::Error::from(error).into()
    }
}

impl From<fullhold_maintenance::Error> for Stop {
    fn from(error: fullhold_maintenance::Error) -> Self {
        use fullhold_maintenance::Error;
        let wrong = matches!(
            error,
            Error::Zone(_)
                | Error::NoRound(_)
                | Error::NoPlayer(_)
                | Error::NoRoundNamed(_)
                | Error::SamePlayer { .. }
                | Error::Oneself(_)
                | Error::Backwards { .. }
                | Error::SharedRounds { .. }
                | Error::NotMerged(_)
                | Error::NoServer { .. }
                | Error::ServerName(_)
                | Error::BothTeams(_)
                | Error::NoRoster(_)
                | Error::Database(fullhold_repository::Error::Timezone { .. })
        );
        let text = fullhold_console::chain(&error);
        if wrong { Self::usage(text) } else { Self::failed(text) }
    }
}

impl fullhold_repository::WorkError for Stop {
    fn into_database(self) -> Result<fullhold_repository::Error, Self> {
        // Only what is to be said is left of the database's error.
        Err(self)
    }
}

pub(crate) fn complain(text: &str) {
    fullhold_console::complain("dbadmin", text);
}

impl Context {
    pub(crate) fn config(&self) -> Config {
        fullhold_console::database(&self.settings)
    }

    /// The database, with its schema up to date. It must exist: a typo must never make one.
    pub(crate) async fn open(&self) -> Result<Db, Stop> {
        Ok(Db::open(&self.config(), OpenMode::Existing).await?)
    }

    pub(crate) async fn maintenance(&self) -> Result<Maintenance, Stop> {
        Ok(self.maintain(self.open().await?))
    }

    pub(crate) fn maintain(&self, db: Db) -> Maintenance {
        Maintenance::new(db, fullhold_console::ingest(&self.settings), OffsetDateTime::now_utc).acting_for(&self.by)
    }

    pub(crate) fn now(&self) -> PrimitiveDateTime {
        let now = OffsetDateTime::now_utc();
        PrimitiveDateTime::new(now.date(), now.time())
    }

    /// Prints the result: one JSON object for scripts, text for people.
    pub(crate) fn show(&self, text: &str, json: &Value) {
        if self.json {
            fullhold_console::print(&format!("{json}\n"));
        } else {
            fullhold_console::print(text);
        }
    }

    /// Tells a person something at once, before the result.
    pub(crate) fn tell(&self, text: &str) {
        tell(self.json, text);
    }

    /// A progress bar, where a person looks.
    pub(crate) fn bar(&self) -> fullhold_console::Bar {
        fullhold_console::Bar::new(!self.json)
    }

    /// What the database is called: the file's name, or the database's on its server.
    pub(crate) fn database_name(&self) -> String {
        self.settings.database.url.name()
    }

    /// Asks for the database's name before something that replaces data.
    pub(crate) fn confirm(&self, what: &str) -> Result<(), Stop> {
        let name = self.database_name();
        self.ask(&format!("{what}\nType the name of the database ({name}) to go on: "), &name)
    }

    /// Asks for a yes.
    pub(crate) fn agree(&self, what: &str) -> Result<(), Stop> {
        self.ask(&format!("{what}\nType yes to go on: "), "yes")
    }

    /// Asks for a word.
    pub(crate) fn ask(&self, question: &str, wanted: &str) -> Result<(), Stop> {
        if self.yes {
            return Ok(());
        }
        let mut err = std::io::stderr();
        drop(err.write_all(question.as_bytes()));
        drop(err.flush());
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        match read {
            Ok(0) | Err(_) => Err(Stop::usage(format!(
                "nobody there to type {wanted}; --yes does without the question. Nothing was changed"
            ))),
            Ok(_) if answer.trim() == wanted => Ok(()),
            // No answer and a wrong one are the same to a script: it was not agreed.
            Ok(_) => Err(Stop::usage(format!("{:?} is not {wanted:?}. Nothing was changed", answer.trim()))),
        }
    }
}

/// On standard output, or on standard error where that holds one JSON object and nothing else.
pub(crate) fn tell(json: bool, text: &str) {
    if json {
        complain(text.trim_end());
    } else {
        fullhold_console::print(text);
    }
}

/// The kind of database in a word.
pub(crate) fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}

/// Bytes as people read them.
#[expect(clippy::cast_precision_loss, reason = "shown to one decimal")]
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} B"),
        1024..=1_048_575 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
