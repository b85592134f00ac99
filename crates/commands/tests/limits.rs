//! Any reply, with the worst names, keeps every limit of the platform and loses nothing.

use fullhold_commands::reply::{Action, Button, Cell, Facts, Message, Reply, Table, Text, messages};
use proptest::prelude::*;

mod checks;
#[path = "checks/names.rs"]
mod worst;

use checks::check;
use worst::WORST;

/// All letters of all pages, as they would be read.
fn letters(messages: &[Message]) -> String {
    let mut all = String::new();
    for embed in messages.iter().flat_map(|message| &message.embeds) {
        all.push_str(&embed.title);
        all.push_str(&embed.description);
        for field in &embed.fields {
            all.push_str(&field.name);
            all.push_str(&field.value);
        }
        all.push_str(&embed.footer);
    }
    readable(&all)
}

/// The letters of the paragraphs alone: where a page ends within a word, title and footer stand between its halves.
fn paragraphs(messages: &[Message]) -> String {
    let embeds = messages.iter().flat_map(|message| &message.embeds);
    readable(&embeds.map(|embed| embed.description.as_str()).collect::<String>())
}

fn readable(text: &str) -> String {
    let is_seen = |c: &char| !c.is_whitespace() && *c != '\\' && !('\u{2066}'..='\u{2069}').contains(c);
    text.replace('\u{2cb}', "`").chars().filter(is_seen).collect()
}

fn worst(index: usize) -> &'static str {
    WORST.get(index % WORST.len()).copied().unwrap_or_default()
}

fn players(count: usize, columns: usize, seed: usize) -> Table {
    let mut table = Table::new("players", "Players".into()).column("player", "player".into());
    for column in 0..columns {
        table = table.column(&format!("c{column}"), Text::plain(&format!("col{column}")));
    }
    for player in 0..count {
        let mut row = vec![Cell::name(&format!("{}{player}", worst(player + seed)))];
        row.extend(
            (0..columns).map(|column| Cell::count(i64::try_from(player * 7919 * (column + 1)).unwrap_or_default())),
        );
        table = table.row(row);
    }
    table
}

#[test]
fn sixty_four_players_with_the_worst_names_fit() {
    let reply = Reply::new(Text::plain("Evening of ").then(&Text::name(&"@everyone *".repeat(40))))
        .text(Text::plain(&"words and words ".repeat(600)))
        .table(players(64, 14, 0))
        .footer(Text::plain(&"small print ".repeat(300)));
    let pages = messages(&reply, "session 1");
    assert!(pages.len() > 1);
    pages.iter().for_each(check);
    let all = letters(&pages);
    for player in 0..64 {
        let name = readable(&Text::name(&format!("{}{player}", WORST[player % WORST.len()])).to_plain());
        assert!(all.contains(&name), "{name} is lost");
    }
    assert_eq!(all.matches("words").count(), 1200);
    // The small print is on every page, and what does not fit there in the text.
    assert!(all.matches("smallprint").count() >= 300);
}

#[test]
fn an_empty_reply_is_one_page() {
    let pages = messages(&Reply::default(), "stats");
    assert_eq!(pages.len(), 1);
    check(&pages[0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_reply_keeps_the_limits(
        title in ".{0,400}",
        texts in prop::collection::vec(".{0,3000}", 0..5),
        facts in prop::collection::vec((".{0,300}", ".{0,1500}"), 0..60),
        rows in 0_usize..80,
        columns in 0_usize..16,
        seed in 0_usize..20,
        buttons in 0_usize..40,
    ) {
        let mut reply = Reply::new(Text::name(&title)).table(players(rows, columns, seed));
        for text in &texts {
            reply = reply.text(Text::name(text));
        }
        let mut some = Facts::new("Facts".into());
        for (index, (label, value)) in facts.iter().enumerate() {
            some = some.with(&format!("f{index}"), Text::name(label), Cell::name(value));
        }
        reply = reply.facts(some);
        for button in 0..buttons {
            reply = reply.action(Action::Button(Button::new(Text::name(&format!("{title}{button}")), "stats")));
        }
        let pages = messages(&reply, "stats");
        pages.iter().for_each(check);
        let all = paragraphs(&pages);
        for text in &texts {
            // A page may begin with an empty line or a new block, so words are looked for in order.
            let mut rest = all.as_str();
            for word in Text::name(text).to_plain().split_whitespace() {
                let word = readable(word);
                let piece: String = word.chars().take(8).collect();
                let at = rest.find(&piece);
                prop_assert!(at.is_some(), "{piece:?} is lost");
                rest = rest.get(at.unwrap()..).unwrap();
            }
        }
    }
}
