//! From a command line to its answer: checks, arguments, the handler, and what went wrong in words.

mod acting;
mod admin;
mod audit;
mod careers;
mod complete;
mod directory;
mod duos;
mod evening;
mod evening_data;
mod explain;
mod export;
mod failure;
mod files;
mod find;
mod handlers;
mod identity;
mod kept;
mod lineup;
mod look_back;
mod maps;
mod now;
mod own;
mod people;
mod pictures;
mod players;
mod ratings;
mod records;
mod rosters;
mod scope;
mod season;
mod watching;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fullhold_repository::{Db, ServerId};
use fullhold_stats_file::Guid;
use fullhold_watch::Handle;
use time::{Date, OffsetDateTime};
use tokio::sync::{OnceCell, watch};

use crate::arguments::{Arguments, bind};
use crate::catalogue::Catalogue;
use crate::command::{Command, Permission};
use crate::cooldown::{CooldownConfig, Cooldowns};
use crate::help;
use crate::lookup::find as find_command;
use crate::option::{Known, SessionWord, Value};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::words::{UserId, words};

pub use acting::Acting;
pub use complete::{Candidate, Completion, MOST_CANDIDATES};
use directory::Directory;
use failure::Failure;
pub use handlers::answered;
pub use kept::CacheFigures;
use kept::{Kept, Key, Lists};

/// What an answerer is told once.
#[derive(Clone, Debug)]
pub struct AskConfig {
    /// What stands before commands where people type them.
    pub prefix: String,
    /// Servers whose statistics are shown; all when there are none.
    pub servers: Vec<ServerId>,
    /// How long people wait between questions; `None` on a console.
    pub cooldowns: Option<CooldownConfig>,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Their account in the chat.
    pub user: Option<UserId>,
    /// The player they have linked.
    pub player: Option<Guid>,
    /// What they may do.
    pub right: Permission,
}

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The command line, without prefix.
    pub line: &'a str,
    /// The page of the answer, from 0.
    pub page: usize,
    /// Who asks.
    pub asker: Asker,
    /// Today in the zone of the server.
    pub today: Date,
    /// When it is asked.
    pub at: OffsetDateTime,
    /// A steady clock, for cool-downs.
    pub now: Duration,
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Answered,
    /// Not understood, not allowed, or about nobody: the reply says why.
    Refused,
    /// Something of ours failed. The reply does not say what; see [`Answer::error`].
    Failed,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// What is shown.
    pub reply: Reply,
    /// How it ended.
    pub outcome: Outcome,
    /// The command that was run, if one was found: for metrics and logs.
    pub command: Option<&'static str>,
    /// Whether it had been given before, on the same data.
    pub is_cached: bool,
    /// What failed, for the log. Never shown to who asked.
    pub error: Option<fullhold_repository::Error>,
}

/// Answers questions from one database.
pub struct Answerer {
    db: Db,
    texts: Arc<Catalogue>,
    config: AskConfig,
    cooldowns: Option<Mutex<Cooldowns>>,
    acting: Option<Acting>,
    watching: Option<Handle>,
    kept: Kept,
}

/// What was noted of a question on the way to its answer.
#[derive(Default)]
struct Noted {
    command: Option<&'static str>,
    is_cached: bool,
}

/// What a handler works with.
#[derive(Clone, Copy)]
struct Context<'a> {
    answerer: &'a Answerer,
    db: &'a Db,
    texts: &'a Catalogue,
    servers: &'a [ServerId],
    arguments: &'a Arguments,
    question: Question<'a>,
    acting: Option<&'a Acting>,
    lists: &'a Arc<Lists>,
    /// Who is who, read when it is first needed.
    directory: &'a OnceCell<Directory>,
    /// Whether pictures are wanted.
    has_pictures: bool,
    /// Hears how far a command is that takes long.
    told: Option<&'a watch::Sender<Reply>>,
}

impl Answerer {
    /// Answers from this database, in these words, which several answerers may share.
    #[must_use]
    pub fn new(db: Db, texts: impl Into<Arc<Catalogue>>, config: AskConfig) -> Self {
        let texts = texts.into();
        let cooldowns = config.cooldowns.map(|config| Mutex::new(Cooldowns::new(config)));
        Self { db, texts, config, cooldowns, acting: None, watching: None, kept: Kept::new() }
    }

    /// Lets commands change something. Without it this answerer only reads.
    #[must_use]
    pub fn acting(self, acting: Acting) -> Self {
        Self { acting: Some(acting), ..self }
    }

    /// Lets commands see and steer the watchers of game servers.
    #[must_use]
    pub fn watching(self, watching: Handle) -> Self {
        Self { watching: Some(watching), ..self }
    }

    /// Who an account is linked to, and what that allows.
    async fn known(&self, asker: Asker) -> Result<Asker, Failure> {
        let account = asker.user.and_then(|user| i64::try_from(user.0).ok());
        let linked = match (asker.player, account) {
            (None, Some(account)) => self.db.linked_player(account).await?,
            _ => None,
        };
        let player = asker.player.or_else(|| linked.as_deref().and_then(Guid::new));
        let right = if player.is_some() { asker.right.max(Permission::Linked) } else { asker.right };
        Ok(Asker { player, right, ..asker })
    }

    /// Answers a question. It always has an answer: what went wrong is said in its words.
    pub async fn answer(&self, question: Question<'_>) -> Answer {
        self.answer_telling(question, None).await
    }

    /// As [`Answerer::answer`], and tells how far it is where that takes long.
    pub async fn answer_telling(&self, question: Question<'_>, told: Option<&watch::Sender<Reply>>) -> Answer {
        let started = Instant::now();
        let mut noted = Noted::default();
        let (reply, outcome, error) = match self.try_answer(question, &mut noted, true, told).await {
            Ok(reply) => (reply, Outcome::Answered, None),
            Err(Failure::Refused(refusal)) => (refusal.reply(&self.texts, &self.config.prefix), Outcome::Refused, None),
            Err(Failure::Nothing(reply)) => (*reply, Outcome::Refused, None),
            Err(Failure::Database(error)) => {
                let reply = Reply::new(self.texts.say("cannot-read", &[])).private();
                (reply, Outcome::Failed, Some(error))
            }
        };
        let Noted { command, is_cached } = noted;
        tracing::debug!(
            command.name = command.unwrap_or("none"),
            command.outcome = ?outcome,
            command.cached = is_cached,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "a question was answered"
        );
        Answer { reply, outcome, command, is_cached, error }
    }

    /// How often answers were there already.
    #[must_use]
    pub fn cache_figures(&self) -> CacheFigures {
        self.kept.figures()
    }

    /// `is_whole` is false within another command, which draws no pictures and has waited already.
    async fn try_answer(
        &self,
        question: Question<'_>,
        noted: &mut Noted,
        is_whole: bool,
        told: Option<&watch::Sender<Reply>>,
    ) -> Result<Reply, Failure> {
        let question = Question { asker: self.known(question.asker).await?, ..question };
        let words = words(question.line).map_err(Refusal::Line)?;
        let Some((name, rest)) = words.split_first() else {
            return Ok(help::overview(&self.texts, &self.config.prefix, question.asker.right));
        };
        let found = find_command(&name.text).map_err(Refusal::Unknown)?;
        let command = dated(found.command, rest.first().map_or("", |word| word.text.as_str()));
        noted.command = Some(command.name);
        if question.asker.right < command.permission {
            return Err(Refusal::Permission { needs: command.permission }.into());
        }
        if is_whole {
            self.has_waited(command, question)?;
        }
        let lists = self.kept.lists(&self.db).await?;
        let maps = if takes_maps(command) { lists.maps(&self.db, &self.config.servers).await? } else { &[] };
        let arguments = bind(command, found.given, rest, Known { maps })
            .map_err(|error| Refusal::Argument { command: command.name, error })?;
        let directory = OnceCell::new();
        let context = Context {
            answerer: self,
            db: &self.db,
            texts: &self.texts,
            servers: &self.config.servers,
            arguments: &arguments,
            question,
            acting: self.acting.as_ref(),
            lists: &lists,
            directory: &directory,
            has_pictures: is_whole,
            told,
        };
        if !command.is_kept {
            return handlers::run(command.name, context).await;
        }
        let key = Key::of(command.name, &context);
        if let Some(reply) = self.kept.answer(&key) {
            noted.is_cached = true;
            return Ok(reply);
        }
        let reply = handlers::run(command.name, context).await?;
        self.kept.keep(key, &reply);
        Ok(reply)
    }

    fn has_waited(&self, command: &Command, question: Question<'_>) -> Result<(), Refusal> {
        let (Some(cooldowns), Some(user)) = (&self.cooldowns, question.asker.user) else { return Ok(()) };
        // A panic of another thread leaves times behind that are as good as any.
        let mut cooldowns = cooldowns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        cooldowns.ask(user, command.cost, question.now).map_err(|left| Refusal::Cooldown { left })
    }

    fn help(&self, context: Context<'_>) -> Result<Reply, Failure> {
        let Some(Value::Text(word)) = context.arguments.get("command") else {
            return Ok(help::overview(&self.texts, &self.config.prefix, context.question.asker.right));
        };
        let word = word.strip_prefix(&self.config.prefix).unwrap_or(word);
        let found = find_command(word).map_err(Refusal::Unknown)?;
        Ok(help::detail(found.command, &self.texts, &self.config.prefix))
    }
}

/// `match` and `game` with a day mean the evening of that day.
fn dated(command: &'static Command, word: &str) -> &'static Command {
    let is_day = command.name == "match" && word.parse::<crate::words::Period>().is_ok();
    let session = crate::table::COMMANDS.iter().find(|command| command.name == "session");
    if is_day { session.unwrap_or(command) } else { command }
}

fn takes_maps(command: &Command) -> bool {
    command.options.iter().any(|option| option.kind == crate::option::OptionKind::Map)
}

impl<'a> Context<'a> {
    /// Rounds that count of everybody, by the guid as whom they are counted.
    async fn played(&self) -> Result<&'a HashMap<String, i64>, Failure> {
        self.lists.played(self.db, self.servers).await
    }

    /// Who is who for the viewer, read once for a question.
    async fn directory(&self) -> Result<&'a Directory, Failure> {
        self.directory.get_or_try_init(|| Directory::read(*self, self.lists)).await
    }

    /// The view that was asked for, else the first.
    fn view(&self) -> &'static str {
        match self.arguments.get("view") {
            Some(Value::Choice(view)) => view,
            _ => "overview",
        }
    }

    fn session_word(&self) -> SessionWord {
        match self.arguments.get("session").or_else(|| self.arguments.get("match")) {
            Some(Value::Session(word)) => word.clone(),
            _ => SessionWord::Last,
        }
    }

    /// A reply that says that there is nothing.
    fn nothing(&self, id: &str) -> Failure {
        Failure::Nothing(Box::new(Reply::new(self.texts.say(id, &[])).private()))
    }
}
