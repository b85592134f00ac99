//! The worlds that are asked: the samples with everything that confuses names, and what is left of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fullhold_commands::{Acting, Answer, Answerer, AskConfig, Asker, Catalogue, Permission, Question, UserId};
use fullhold_ingest::{Config, Importer};
use fullhold_repository::{Db, OpenMode};
use fullhold_testkit::{SqliteFile, TestDatabase};
use time::macros::{date, datetime};

use crate::shared::{clock, samples};

/// The player whom askers with a link have: grashopper.
pub(crate) const OWN: &str = "B54CDA26";
/// A player who is called as grashopper for an evening.
const NAMESAKE: &str = "E3779B10";
/// A player with a third name.
const THIRD_NAME: &str = "538453D7";

/// Which database.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A new database, gone when this is dropped.
pub(crate) enum Fresh {
    Sqlite(SqliteFile),
    Postgres(TestDatabase),
}

impl Fresh {
    pub(crate) fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::Sqlite(SqliteFile::create()),
            Backend::Postgres => Self::Postgres(TestDatabase::create()),
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => file.url(),
            Self::Postgres(database) => database.url(),
        }
    }
}

/// The files of the samples: in one of them somebody wears another's name, in one somebody a third one.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut written = Vec::new();
    for evening in fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(evening).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            let text: String = text.lines().map(|line| renamed(line, &name) + "\n").collect();
            let path = folder.join(&name);
            fs::write(&path, text).unwrap();
            written.push(path);
        }
    }
    written.sort();
    written
}

fn renamed(line: &str, file: &str) -> String {
    let mut parts = line.splitn(3, '\\');
    let (Some(guid), Some(name), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return line.to_owned();
    };
    let name = match guid {
        NAMESAKE if file.starts_with("2025-11-10") => "grashopper",
        THIRD_NAME if file.starts_with("2025-11-10") => "^2the third",
        THIRD_NAME if file.contains("te_escape2") => "mister x",
        _ => name,
    };
    format!("{guid}\\{name}\\{rest}")
}

async fn importer(url: &str) -> Importer {
    let config = fullhold_repository::Config::new(url.parse().unwrap());
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    Importer::new(db, "demo", Some("UTC"), "UTC", Config::default(), clock).await.unwrap()
}

/// Everything. The evening of the 12th came in two pieces, which were two evenings until the files between them came.
pub(crate) async fn full(url: &str) -> Answerer {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let importer = importer(url).await;
    let is_between = |path: &&PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        ("2025-11-12-205".."2025-11-12-225").contains(&name.as_ref())
    };
    let (between, first): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(is_between);
    importer.run(first.into_iter().cloned().collect(), &()).await.unwrap();
    let answerer = answerer(importer.db());
    let asked = ask(&answerer, NOBODY, "session 2025-11-12-225537").await;
    assert!(fullhold_commands::reply::data(&asked.reply)["title"].to_string().contains("Evening #3"));
    importer.run(between.into_iter().cloned().collect(), &()).await.unwrap();
    answerer
}

/// One round: the first file.
pub(crate) async fn one_round(url: &str) -> Answerer {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let importer = importer(url).await;
    importer.run(vec![files[0].clone()], &()).await.unwrap();
    answerer(importer.db())
}

/// Nothing.
pub(crate) async fn empty(url: &str) -> Answerer {
    answerer(importer(url).await.db())
}

/// Files of a folder.
pub(crate) async fn of_folder(url: &str, folder: &Path) -> Answerer {
    let importer = importer(url).await;
    importer.run(vec![folder.to_owned()], &()).await.unwrap();
    answerer(importer.db())
}

fn answerer(db: &Db) -> Answerer {
    let config = AskConfig { prefix: "!".into(), servers: Vec::new(), cooldowns: None };
    let acting = Acting { rules: Config::default(), clock, link_needs_code: false };
    Answerer::new(db.clone(), Catalogue::english().unwrap(), config).acting(acting)
}

/// Somebody without a link and without an account.
pub(crate) const NOBODY: Asker = Asker { user: None, player: None, right: Permission::Everyone };

/// Somebody who may run a command, linked by the world or not.
pub(crate) fn somebody(right: Permission, is_linked: bool) -> Asker {
    let player = if is_linked { fullhold_stats_file::Guid::new(OWN) } else { None };
    Asker { user: Some(UserId(7)), player, right }
}

pub(crate) async fn ask(answerer: &Answerer, asker: Asker, line: &str) -> Answer {
    ask_page(answerer, asker, line, 0).await
}

pub(crate) async fn ask_page(answerer: &Answerer, asker: Asker, line: &str, page: usize) -> Answer {
    let question = Question {
        line,
        page,
        asker,
        today: date!(2025 - 11 - 20),
        at: datetime!(2025-11-20 12:00 UTC),
        now: Duration::ZERO,
    };
    let answer = answerer.answer(question).await;
    assert!(answer.error.is_none(), "{line}: {:?}", answer.error);
    answer
}
