//! `export`: what another command shows, as files.

use super::failure::Failure;
use super::{Answerer, Context, Noted, Question};
use crate::option::Value;
use crate::refusal::Refusal;
use crate::reply::{Attachment, Reply, Text, csv, data};
use crate::words::words;

impl Answerer {
    /// `export`: asks the other command and puts its data into files.
    pub(super) async fn export(&self, context: Context<'_>) -> Result<Reply, Failure> {
        let line = asked(context)?;
        let mut noted = Noted::default();
        let question = Question { line: &line, ..context.question };
        // Whoever exports has waited for this already.
        let shown = Box::pin(self.try_answer(question, &mut noted, false, None)).await?;
        let name = noted.command.unwrap_or("help");
        let is_csv = matches!(context.arguments.get("format"), Some(Value::Choice("csv")));
        let files = if is_csv { as_csv(name, &shown) } else { vec![as_json(name, &shown)] };
        if files.is_empty() {
            return Err(context.nothing("export-nothing"));
        }
        let mut reply = Reply::new(context.texts.say("export-title", &[("title", shown.title.clone().into())]));
        for file in files {
            let bytes = file.bytes.len();
            let name = Text::name(&file.name);
            let line = context.texts.say("export-file", &[("name", name.into()), ("bytes", bytes.into())]);
            reply = reply.text(line).file(file);
        }
        reply.is_private = shown.is_private;
        Ok(reply)
    }
}

/// The line of the other command. It is taken as it was typed: its quotes are part of it.
fn asked(context: Context<'_>) -> Result<String, Failure> {
    let Some(Value::Text(joined)) = context.arguments.get("command") else {
        return Err(context.nothing("export-nothing"));
    };
    let typed = words(context.question.line).map_err(Refusal::Line)?;
    let line = match typed.as_slice() {
        [_, format, first, _, ..] if is_format(&format.text) && !first.text.starts_with("command:") => {
            context.question.line.get(first.at.start..).unwrap_or(joined)
        }
        _ => joined,
    };
    let first = words(line).map_err(Refusal::Line)?;
    let found = first.first().map(|word| crate::lookup::find(&word.text)).transpose().map_err(Refusal::Unknown)?;
    match found {
        Some(found) if found.command.name != "export" => Ok(line.to_owned()),
        _ => Err(context.nothing("export-itself")),
    }
}

fn is_format(word: &str) -> bool {
    ["csv", "json", "format:csv", "format:json"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn as_csv(name: &str, reply: &Reply) -> Vec<Attachment> {
    let file = |(id, text): (String, String)| Attachment {
        name: format!("{name}-{id}.csv"),
        alt_text: String::new(),
        bytes: text.into_bytes(),
    };
    csv(reply).into_iter().map(file).collect()
}

fn as_json(name: &str, reply: &Reply) -> Attachment {
    Attachment {
        name: format!("{name}.json"),
        alt_text: String::new(),
        bytes: format!("{:#}\n", data(reply)).into_bytes(),
    }
}
