//! Buttons and choices of a page, within the rows that a message has.

use unicode_segmentation::UnicodeSegmentation;

use super::action::{Action, Button};
use super::block::Reply;
use super::limits::{self, length};
use super::message::{Press, Row};

/// The rows of a page: first what turns pages, then what can be asked next.
pub(super) fn rows(reply: &Reply, line: &str, page: usize, count: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    if count > 1 {
        rows.push(Row::Buttons(turning(line, page, count)));
    }
    let buttons: Vec<&Button> = reply.actions.iter().filter_map(button).collect();
    // More buttons than a glance can take become a menu.
    if buttons.len() > 2 * limits::ROW_BUTTONS {
        rows.extend(menus("", &buttons));
    } else {
        let row = |buttons: &[&Button]| Row::Buttons(buttons.iter().map(|button| press(button)).collect());
        rows.extend(buttons.chunks(limits::ROW_BUTTONS).map(row));
    }
    for action in &reply.actions {
        if let Action::Select { label, choices } = action {
            let choices: Vec<&Button> = choices.iter().collect();
            rows.extend(menus(&label.to_plain(), &choices));
        }
    }
    rows.truncate(limits::ROWS);
    rows
}

const fn button(action: &Action) -> Option<&Button> {
    match action {
        Action::Button(button) => Some(button),
        Action::Select { .. } => None,
    }
}

fn menus(label: &str, choices: &[&Button]) -> Vec<Row> {
    let menu = |choices: &[&Button]| Row::Menu {
        label: cut(label, limits::CHOICE_LABEL),
        choices: choices
            .iter()
            .map(|choice| Press { label: cut(&choice.label.to_plain(), limits::CHOICE_LABEL), ..press(choice) })
            .collect(),
    };
    choices.chunks(limits::CHOICES).map(menu).collect()
}

fn press(button: &Button) -> Press {
    Press {
        label: cut(&button.label.to_plain(), limits::BUTTON_LABEL),
        line: button.line.clone(),
        page: 0,
        pages: None,
        is_disabled: button.is_current,
    }
}

fn turning(line: &str, page: usize, count: usize) -> Vec<Press> {
    let to = |label: String, page: usize, is_disabled: bool| {
        let pages = None;
        Press { label, line: line.to_owned(), page, pages, is_disabled }
    };
    let last = count - 1;
    vec![
        to("⏮".to_owned(), 0, page == 0),
        to("◀".to_owned(), page.saturating_sub(1), page == 0),
        Press { pages: Some(count), ..to(format!("{} / {count}", page + 1), page, true) },
        to("▶".to_owned(), (page + 1).min(last), page == last),
        to("⏭".to_owned(), last, page == last),
    ]
}

/// A label within its limit: whole letters, and "…" where something is missing.
fn cut(label: &str, limit: usize) -> String {
    if length(label) <= limit {
        return label.to_owned();
    }
    let mut shown = String::new();
    for grapheme in label.graphemes(true) {
        if length(&shown) + length(grapheme) >= limit {
            break;
        }
        shown.push_str(grapheme);
    }
    shown.push('…');
    shown
}
