//! A reply as messages that keep every limit of the platform: what does not fit goes to the next page, nothing is
//! left out.

use super::block::{Block, Facts, Reply, Table};
use super::grid::{GridStyle, Part, grid};
use super::limits::{self, length};
use super::markdown::{in_code, markdown};
use super::message::{Embed, Field, Message};
use super::presses::rows;

/// Columns that a phone shows in a code block.
const PHONE_COLUMNS: usize = 28;
/// A paragraph is not begun where less is left of a page.
const LEAST_ROOM: usize = 80;
/// Room that a page number and its separator take in the footer.
const PAGE_NUMBER: usize = 24;

/// The pages of a reply, at least one. `line` is the command line that asked, for the buttons that turn pages.
#[must_use]
pub fn messages(reply: &Reply, line: &str) -> Vec<Message> {
    let (footer, more) = footer(reply);
    let mut pages = Pages::new(reply, length(&footer) + PAGE_NUMBER);
    for block in &reply.blocks {
        match block {
            Block::Text(text) => pages.text(&markdown(text)),
            Block::Facts(facts) => pages.facts(facts),
            Block::Table(table) => pages.table(table),
        }
    }
    pages.text(&more);
    let pages = pages.finish();
    let count = pages.len();
    let message = |(page, embeds): (usize, Vec<Embed>)| Message {
        embeds: numbered(embeds, &footer, page, count),
        rows: rows(reply, line, page, count),
    };
    pages.into_iter().enumerate().map(message).collect()
}

/// The embeds of a page, with the headline above the first and the small print below the last.
fn numbered(mut embeds: Vec<Embed>, footer: &str, page: usize, count: usize) -> Vec<Embed> {
    if let Some(last) = embeds.last_mut() {
        footer.clone_into(&mut last.footer);
        if count > 1 {
            let separator = if footer.is_empty() { "" } else { " · " };
            last.footer.push_str(&format!("{separator}{} / {count}", page + 1));
        }
    }
    embeds
}

/// The small print, and what of it does not fit there.
fn footer(reply: &Reply) -> (String, String) {
    let footer = reply.footer.to_plain();
    let (footer, more) = fitting(&footer, limits::FOOTER - PAGE_NUMBER);
    (footer.to_owned(), more.to_owned())
}

/// The longest beginning of a text within a limit, cut at a line end, else at a space, else anywhere; and what is left.
fn fitting(text: &str, limit: usize) -> (&str, &str) {
    if length(text) <= limit {
        return (text, "");
    }
    let mut used = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > limit {
            break;
        }
        end = at + c.len_utf8();
    }
    let beginning = text.get(..end).unwrap_or_default();
    let cut = beginning.rfind('\n').or_else(|| beginning.rfind(' ')).filter(|cut| *cut > 0).unwrap_or(end);
    // A backslash belongs to what it escapes.
    let slashes = text.get(..cut).unwrap_or_default().bytes().rev().take_while(|b| *b == b'\\').count();
    let cut = if slashes % 2 == 1 && cut > 1 { cut - 1 } else { cut };
    let (before, behind) = text.split_at(cut);
    (before, behind.trim_start_matches(['\n', ' ']))
}

/// Pages under construction.
struct Pages {
    /// What every page begins with.
    title: String,
    /// What the small print of a page takes.
    footer: usize,
    /// Whole pages.
    done: Vec<Vec<Embed>>,
    /// Whole embeds of the page in work.
    embeds: Vec<Embed>,
    /// The embed in work.
    embed: Embed,
}

impl Pages {
    fn new(reply: &Reply, footer: usize) -> Self {
        let title = markdown(&reply.title);
        let (title, more) = fitting(&title, limits::TITLE);
        let embed = Embed { title: title.to_owned(), ..Embed::default() };
        let mut pages = Self { title: title.to_owned(), footer, done: Vec::new(), embeds: Vec::new(), embed };
        pages.text(more);
        pages
    }

    fn turn_page(&mut self) {
        let fresh = Embed { title: self.title.clone(), ..Embed::default() };
        let mut embeds = std::mem::take(&mut self.embeds);
        embeds.push(std::mem::replace(&mut self.embed, fresh));
        self.done.push(embeds);
    }

    fn next_embed(&mut self) {
        if self.embeds.len() + 1 >= limits::EMBEDS {
            self.turn_page();
        } else {
            self.embeds.push(std::mem::take(&mut self.embed));
        }
    }

    /// Whether the page in work says nothing yet.
    fn is_fresh(&self) -> bool {
        self.embeds.is_empty() && is_without_content(&self.embed)
    }

    /// Characters that are left on this page.
    fn room(&self) -> usize {
        let used: usize = self.embeds.iter().map(embed_length).sum();
        limits::ALL_EMBEDS.saturating_sub(self.footer + used + embed_length(&self.embed))
    }

    /// Adds a paragraph, over as many embeds and pages as it needs.
    fn text(&mut self, text: &str) {
        let mut rest = text.trim_matches('\n');
        while !rest.is_empty() {
            if self.room() < LEAST_ROOM && !self.is_fresh() {
                self.turn_page();
            }
            let (piece, behind) = fitting(rest, self.room().min(limits::DESCRIPTION).saturating_sub(1));
            // Fields stand below the text, so a text behind fields needs an embed of its own.
            let is_full = length(&self.embed.description) + 1 + length(piece) > limits::DESCRIPTION;
            if is_full || !self.embed.fields.is_empty() {
                self.next_embed();
            }
            if !self.embed.description.is_empty() {
                self.embed.description.push('\n');
            }
            self.embed.description.push_str(piece);
            rest = behind;
        }
    }

    fn facts(&mut self, facts: &Facts) {
        let title = markdown(&facts.title);
        if !title.is_empty() {
            self.text(&format!("**{title}**"));
        }
        for fact in &facts.facts {
            let name = markdown(&fact.label);
            let value = fact.value.instant().map_or_else(|| markdown(&fact.value.text()), |at| format!("<t:{at}:R>"));
            let is_inline = length(&value) <= 40;
            let is_short = length(&name) <= limits::FIELD_NAME && length(&value) <= limits::FIELD_VALUE;
            if !is_short || value.trim().is_empty() || name.trim().is_empty() {
                self.text(&format!("{name}: {value}"));
                continue;
            }
            self.field(Field { name, value, is_inline });
        }
    }

    fn field(&mut self, field: Field) {
        if self.room() < length(&field.name) + length(&field.value) {
            self.turn_page();
        }
        if self.embed.fields.len() >= limits::FIELDS {
            self.next_embed();
        }
        self.embed.fields.push(field);
    }

    fn table(&mut self, table: &Table) {
        let title = markdown(&table.title);
        for part in grid(table, GridStyle { columns: PHONE_COLUMNS, is_short: true }) {
            self.part(&title, &part);
        }
    }

    /// Adds a table as code blocks, each with the labels above it; a row is never torn apart.
    fn part(&mut self, title: &str, part: &Part) {
        let head = in_code(&part.head);
        let above = if title.is_empty() { String::new() } else { format!("**{title}**\n") };
        let frame = length(&above) + length(&head) + 10;
        let mut rows = part.rows.iter().map(|row| in_code(&row.join("\n"))).peekable();
        while rows.peek().is_some() {
            let first = rows.peek().map_or(0, |row| length(row) + 1);
            if self.room() < frame + first + 1 && !self.is_fresh() {
                self.turn_page();
            }
            let room = self.room().min(limits::DESCRIPTION).saturating_sub(1);
            let mut body = String::new();
            while let Some(row) = rows.next_if(|row| body.is_empty() || frame + length(&body) + length(row) < room) {
                body.push('\n');
                body.push_str(&row);
            }
            self.text(&format!("{above}```\n{head}{body}\n```"));
        }
    }

    fn finish(mut self) -> Vec<Vec<Embed>> {
        if self.done.is_empty() || !self.is_fresh() {
            self.turn_page();
        }
        self.done
    }
}

const fn is_without_content(embed: &Embed) -> bool {
    embed.description.is_empty() && embed.fields.is_empty()
}

fn embed_length(embed: &Embed) -> usize {
    let fields: usize = embed.fields.iter().map(|field| length(&field.name) + length(&field.value)).sum();
    length(&embed.title) + length(&embed.description) + length(&embed.footer) + fields
}
