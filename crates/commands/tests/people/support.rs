//! The sample evenings, a second community made of them, and questions to both.

use std::fs;
use std::path::Path;

use fullhold_commands::reply::{Reply, Terminal, buttons, data};
use fullhold_commands::{Acting, Answer, Answerer, AskConfig, Asker, Catalogue, Outcome, Permission, Question, UserId};
use fullhold_ingest::Config;
use fullhold_repository::{Db, ServerId};
use fullhold_stats_file::Guid;

use crate::shared::{clock, import, question, samples};

/// A player of the samples who is in every evening.
pub(crate) const GRASHOPPER: &str = "B54CDA26";
/// Another.
pub(crate) const ZWEIBLUM: &str = "78DDE6C4";

/// The sample evenings on the server `alpha`.
pub(crate) async fn filled(url: &str) -> Db {
    import(url, "alpha", vec![samples()]).await
}

/// An answerer that may change something.
pub(crate) fn answerer(db: &Db, servers: Vec<ServerId>) -> Answerer {
    acting(db, servers, false)
}

pub(crate) fn acting(db: &Db, servers: Vec<ServerId>, link_needs_code: bool) -> Answerer {
    let config = AskConfig { prefix: "!".into(), servers, cooldowns: None };
    let acting = Acting { rules: Config::default(), clock, link_needs_code };
    Answerer::new(db.clone(), Catalogue::english().unwrap(), config).acting(acting)
}

/// Somebody with an account.
pub(crate) const fn user(account: u64) -> Asker {
    Asker { user: Some(UserId(account)), player: None, right: Permission::Everyone }
}

pub(crate) const fn admin(account: u64) -> Asker {
    Asker { user: Some(UserId(account)), player: None, right: Permission::Admin }
}

pub(crate) const fn nobody() -> Asker {
    Asker { user: None, player: None, right: Permission::Everyone }
}

pub(crate) async fn ask(answerer: &Answerer, asker: Asker, line: &str) -> Answer {
    let answer = answerer.answer(Question { asker, ..question(line) }).await;
    assert!(answer.error.is_none(), "{line}: {:?}", answer.error);
    answer
}

/// The words of an answer, which must have been given.
pub(crate) async fn answered(answerer: &Answerer, asker: Asker, line: &str) -> String {
    let answer = ask(answerer, asker, line).await;
    let words = words(&answer.reply);
    assert_eq!(answer.outcome, Outcome::Answered, "{line}:\n{words}");
    words
}

/// The words of a refusal, which must have been given.
pub(crate) async fn refused(answerer: &Answerer, asker: Asker, line: &str) -> String {
    let answer = ask(answerer, asker, line).await;
    let words = words(&answer.reply);
    assert_eq!(answer.outcome, Outcome::Refused, "{line}:\n{words}");
    assert!(answer.reply.is_private, "{line}");
    words
}

/// Everything that an answer carries: its text, its data, what its buttons say and do, and its files.
pub(crate) fn words(reply: &Reply) -> String {
    let mut all = Terminal { columns: 200, has_colours: false, instant: &|seconds| format!("@{seconds}") }.show(reply);
    all.push_str(&data(reply).to_string());
    for button in buttons(reply) {
        all.push_str(&format!("\n{} -> {}", button.label, button.line));
    }
    for file in &reply.files {
        all.push_str(&String::from_utf8_lossy(&file.bytes));
    }
    all
}

pub(crate) fn guid(text: &str) -> Guid {
    Guid::new(text).unwrap()
}

/// The samples as another community would have them: its own guids, names and maps. One player is in both, under
/// another name.
pub(crate) fn second_community(folder: &Path) {
    for evening in fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(evening).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().replace(MAP.0, MAP.1);
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            fs::write(folder.join(name), translated(&text)).unwrap();
        }
    }
}

/// A map of the first community and its name in the second.
pub(crate) const MAP: (&str, &str) = ("te_escape2", "betamapxx2");
/// What all names of the second community contain.
pub(crate) const SECRET: &str = "Secret";

fn translated(text: &str) -> String {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default().replace(MAP.0, MAP.1).replace("test", "betahost");
    let player = |line: &str| {
        let mut parts = line.splitn(3, '\\');
        let (Some(guid), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return line.to_owned();
        };
        format!("{}\\^1{SECRET}{}\\{rest}", second_guid(guid), guid.get(..4).unwrap_or_default())
    };
    std::iter::once(head).chain(lines.map(player)).map(|line| line + "\n").collect()
}

/// A guid in the second community.
pub(crate) fn second_guid(guid: &str) -> String {
    if guid == GRASHOPPER { guid.to_owned() } else { guid.chars().rev().collect() }
}
