//! The gallery: what every question is answered on the sample evenings, as text of 100 columns, with its pictures.

use std::fmt::Write as _;

use fullhold_commands::reply::{Attachment, Terminal};
use fullhold_commands::{Answerer, Asker, COMMANDS, Group, Permission, Question, answered};

use time::OffsetDateTime;

use crate::cases::{filled_in, lines};
use crate::support::question;

/// What a command answers.
pub(crate) struct Page {
    /// The command.
    pub(crate) name: &'static str,
    /// Its answers as text.
    pub(crate) text: String,
    /// Its pictures, with the names of their files.
    pub(crate) pictures: Vec<(String, Attachment)>,
}

/// Commands that ask something of the data and nothing of the machine.
const NOT_SHOWN: [&str; 3] = ["about", "ping", "export"];

/// A page per command.
pub(crate) async fn pages(answerer: &Answerer) -> Vec<Page> {
    let mut pages = Vec::new();
    for command in COMMANDS {
        let is_shown = !matches!(command.group, Group::Admin | Group::Me) && !NOT_SHOWN.contains(&command.name);
        if !is_shown || !answered().any(|name| name == command.name) {
            continue;
        }
        let mut page = Page { name: command.name, text: String::new(), pictures: Vec::new() };
        for line in lines(command) {
            answer(answerer, &filled_in(line), &mut page).await;
        }
        pages.push(page);
    }
    pages
}

async fn answer(answerer: &Answerer, line: &str, page: &mut Page) {
    let player = fullhold_stats_file::Guid::new("B54CDA26");
    let asker = Asker { user: None, player, right: Permission::Linked };
    let reply = answerer.answer(Question { asker, ..question(line) }).await.reply;
    let instant = |seconds: i64| {
        let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
    };
    let shown = Terminal { columns: 100, has_colours: false, instant: &instant }.show(&reply);
    writeln!(page.text, "fullhold> {line}\n\n{shown}").unwrap();
    for file in reply.files {
        // Several questions may have one picture: it is there once.
        let known = page.pictures.iter().find(|(_, other)| other.bytes == file.bytes).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| {
            let name = format!("{}-{}-{}", page.name, page.pictures.len() + 1, file.name);
            page.pictures.push((name.clone(), file.clone()));
            name
        });
        writeln!(page.text, "[{name}: {}]\n", file.alt_text).unwrap();
    }
}
