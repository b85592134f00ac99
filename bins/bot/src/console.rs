//! Questions and answers in a terminal, or through a pipe: one question a line.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::time::Instant;

use fullhold_commands::reply::{Attachment, Reply, Terminal, buttons, data};
use fullhold_commands::{
    Acting, Answer, Answerer, AskConfig, Asker, Catalogue, Outcome, Permission, Question, UserId, mention,
};
use fullhold_console::{chain, complain, print};
use fullhold_ingest::Zone;
use fullhold_repository::{Db, Meant, ServerRow};
use fullhold_settings::{Exit, Settings};
use fullhold_stats_file::Guid;
use serde_json::json;
use time::OffsetDateTime;

use crate::args::Args;
use crate::editor::{LineEditor, Typed};
use crate::terminal::{columns, has_colours, is_typed};
use crate::{PROGRAM, files};

/// Words that end a conversation.
const ENDS: [&str; 3] = ["quit", "exit", "q"];

/// A conversation with the statistics.
struct Console {
    answerer: Answerer,
    asker: Asker,
    zone: Zone,
    is_json: bool,
    /// Where files are written.
    folder: PathBuf,
    started: Instant,
}

/// What is on the screen.
struct Shown {
    line: String,
    page: usize,
    reply: Reply,
}

impl Shown {
    fn of(line: &str, page: usize, reply: Reply) -> Self {
        Self { line: line.to_owned(), page, reply }
    }

    /// The line and page that a number or a letter stands for; none when it is a question of its own.
    fn pressed(&self, typed: &str) -> Option<(String, usize)> {
        let pages = self.reply.paging.map_or(1, |paging| paging.pages);
        match typed {
            "n" if self.page + 1 < pages => Some((self.line.clone(), self.page + 1)),
            "p" if self.page > 0 => Some((self.line.clone(), self.page - 1)),
            _ => pressed(&self.reply, typed).map(|line| (line, 0)),
        }
    }
}

/// Asks `first`, then what is typed or piped.
pub(crate) async fn run(args: &Args, settings: &Settings, db: Db, first: &[&str]) -> Exit {
    let console = match Console::new(args, settings, db).await {
        Ok(console) => console,
        Err((exit, problem)) => {
            complain(PROGRAM, &problem);
            return exit;
        }
    };
    let mut last = None;
    for line in first {
        last = Some(Shown::of(line, 0, console.ask(line, 0).await.reply));
    }
    if is_typed() && !args.json {
        return console.talk(last).await;
    }
    console.answer_pipe().await
}

impl Console {
    async fn new(args: &Args, settings: &Settings, db: Db) -> Result<Self, (Exit, String)> {
        let failed = |error: fullhold_repository::Error| (Exit::Failed, chain(&error));
        let servers = db.servers().await.map_err(failed)?;
        let chosen = chosen(args, &servers).map_err(|problem| (Exit::Usage, problem))?;
        let timezone = chosen.first().or(servers.first()).map_or("UTC", |server| server.timezone.as_str());
        let zone = Zone::new(timezone).map_err(|error| (Exit::Failed, chain(&error)))?;
        let user = args.player.as_deref().and_then(account);
        let player = match &args.player {
            Some(text) if user.is_none() => Some(player(&db, text).await?),
            _ => None,
        };
        let right = match (args.admin, player) {
            (true, _) => Permission::Admin,
            (false, Some(_)) => Permission::Linked,
            (false, None) => Permission::Everyone,
        };
        let texts = Catalogue::english().map_err(|error| (Exit::Failed, chain(&error)))?;
        let config = AskConfig {
            prefix: String::new(),
            servers: chosen.iter().map(|server| server.id).collect(),
            cooldowns: None,
        };
        // Whoever reaches the database with this program may change it: nobody's word has to be proved.
        let acting = Acting {
            rules: fullhold_console::ingest(settings),
            clock: OffsetDateTime::now_utc,
            link_needs_code: false,
        };
        let answerer = Answerer::new(db, texts, config).acting(acting);
        let asker = Asker { user, player, right };
        let folder = args.pictures.clone().unwrap_or_else(std::env::temp_dir);
        if !folder.is_dir() {
            return Err((Exit::Usage, format!("--pictures {}: no such folder", folder.display())));
        }
        Ok(Self { answerer, asker, zone, is_json: args.json, folder, started: Instant::now() })
    }

    async fn ask(&self, line: &str, page: usize) -> Answer {
        let at = OffsetDateTime::now_utc();
        // What the clock of the server shows begins with the day.
        let today = self.zone.date(at.unix_timestamp());
        let question = Question { line, page, asker: self.asker, today, at, now: self.started.elapsed() };
        let answer = self.answerer.answer(question).await;
        if let Some(error) = &answer.error {
            complain(PROGRAM, &chain(error));
        }
        let paths = self.written(&answer.reply);
        if self.is_json {
            print(&format!("{}\n", as_json(line, &answer, &paths)));
        } else {
            print(&self.shown(&answer.reply));
            if let Some(paging) = answer.reply.paging.filter(|paging| paging.pages > 1 && is_typed()) {
                print(&format!("[n] next page  [p] page before  ({} of {})\n", paging.page + 1, paging.pages));
            }
            for (file, path) in answer.reply.files.iter().zip(&paths) {
                let Some(path) = path else { continue };
                let alt = if file.alt_text.is_empty() { String::new() } else { format!("  {}", file.alt_text) };
                print(&format!("{path}{alt}\n"));
            }
        }
        answer
    }

    /// Writes the files of an answer; says where each is, and complains about those that could not be written.
    fn written(&self, reply: &Reply) -> Vec<Option<String>> {
        let write = |file: &Attachment| match files::write(&self.folder, file) {
            Ok(path) => Some(path.display().to_string()),
            Err(problem) => {
                complain(PROGRAM, &problem);
                None
            }
        };
        reply.files.iter().map(write).collect()
    }

    fn shown(&self, reply: &Reply) -> String {
        let instant = |seconds: i64| self.zone.local(seconds);
        Terminal { columns: columns(), has_colours: has_colours(), instant: &instant }.show(reply)
    }

    /// Somebody types. A number presses a button of the last answer, n and p turn its pages.
    async fn talk(&self, mut last: Option<Shown>) -> Exit {
        let mut editor = match LineEditor::new(&self.answerer, self.asker, has_colours()) {
            Ok(editor) => editor,
            Err(problem) => {
                complain(PROGRAM, &format!("this terminal cannot be typed into: {problem}"));
                return Exit::Failed;
            }
        };
        loop {
            print("\n");
            let line = match editor.read() {
                Typed::Line(line) => line,
                Typed::Nothing => continue,
                Typed::End => return Exit::Fine,
            };
            let line = line.trim();
            if ENDS.contains(&line) {
                return Exit::Fine;
            }
            if line.is_empty() {
                continue;
            }
            let pressed = last.as_ref().and_then(|shown| shown.pressed(line));
            let (line, page) = pressed.unwrap_or_else(|| (line.to_owned(), 0));
            let reply = self.ask(&line, page).await.reply;
            last = Some(Shown { line, page, reply });
        }
    }

    /// A question a line; exit code 3 if one was refused.
    async fn answer_pipe(&self) -> Exit {
        let mut exit = Exit::Fine;
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else {
                complain(PROGRAM, "standard input is not UTF-8");
                return Exit::Usage;
            };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if ENDS.contains(&line) {
                break;
            }
            match self.ask(line, 0).await.outcome {
                Outcome::Answered => {}
                Outcome::Refused if exit == Exit::Fine => exit = Exit::Rejected,
                Outcome::Refused => {}
                Outcome::Failed => exit = Exit::Failed,
            }
            if !self.is_json {
                print("\n");
            }
        }
        exit
    }
}

/// The servers whose statistics are shown; none stands for all.
fn chosen(args: &Args, servers: &[ServerRow]) -> Result<Vec<ServerRow>, String> {
    let Some(name) = &args.server else { return Ok(Vec::new()) };
    match servers.iter().find(|server| server.name == *name) {
        Some(server) => Ok(vec![server.clone()]),
        None => {
            let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
            Err(format!("--server {name}: no such server in the database; there are: {}", names.join(", ")))
        }
    }
}

/// The account of a mention or of a number as accounts have them.
fn account(text: &str) -> Option<UserId> {
    let is_number = (15..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    mention(text).or_else(|| is_number.then(|| text.parse().ok()).flatten().map(UserId))
}

async fn player(db: &Db, text: &str) -> Result<Guid, (Exit, String)> {
    let problem = |problem: &str| (Exit::Usage, format!("--as {text}: {problem}"));
    match db.player_meant(text).await.map_err(|error| (Exit::Failed, chain(&error)))? {
        Meant::Guid(guid) => Guid::new(&guid).ok_or_else(|| problem("its guid is too long")),
        Meant::Nobody => Err(problem("no such player")),
        Meant::Several(people) => {
            let names: Vec<String> =
                people.iter().map(|person| format!("{} ({})", person.name(), person.player.guid)).collect();
            Err(problem(&format!("several players fit: {}", names.join(", "))))
        }
    }
}

/// The command line of a button by its number.
fn pressed(reply: &Reply, typed: &str) -> Option<String> {
    let number: usize = typed.parse().ok()?;
    buttons(reply).get(number.checked_sub(1)?).map(|button| button.line.clone())
}

/// The answer as data; each of its files with the path where it is.
fn as_json(line: &str, answer: &Answer, paths: &[Option<String>]) -> serde_json::Value {
    let outcome = match answer.outcome {
        Outcome::Answered => "answered",
        Outcome::Refused => "refused",
        Outcome::Failed => "failed",
    };
    let mut data = data(&answer.reply);
    let files = answer.reply.files.iter().zip(paths);
    let files = files.map(|(file, path)| json!({ "name": file.name, "alt": file.alt_text, "path": path }));
    if let Some(place) = data.get_mut("files") {
        *place = files.collect();
    }
    json!({ "line": line, "command": answer.command, "outcome": outcome, "data": data })
}
