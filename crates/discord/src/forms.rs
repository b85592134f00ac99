//! Forms: where typing into a field is shorter than typing a line. One asks for a page, one for what a command lacks.

use fullhold_commands::reply::limits::{CUSTOM_ID, length};
use fullhold_commands::{ArgumentError, COMMANDS, Catalogue, Command, CommandOption, Known, bind, find, quoted, words};
use twilight_model::application::interaction::modal::{ModalInteractionComponent, ModalInteractionData};
use twilight_model::channel::message::component::{Component, Label, TextInput, TextInputStyle};
use twilight_model::http::interaction::{InteractionResponse, InteractionResponseData, InteractionResponseType};

/// What the ids of forms for a page begin with.
const PAGE: &str = "go|";
/// What the ids of forms for a command begin with.
const FILL: &str = "fill|";
/// Characters of a form's title and of a field's label.
const LABEL: usize = 45;
/// Characters of what a field is described by.
const DESCRIPTION: usize = 100;
/// Fields of a form.
const FIELDS: usize = 5;
/// Characters of a field, unless its option takes fewer.
const LONGEST: usize = 200;
/// The field that asks for a page.
const PAGE_FIELD: &str = "page";

/// The id of the button that asks for a page; `id` is what the button would do. None where it is too long.
pub(crate) fn page_id(pages: usize, id: &str) -> Option<String> {
    let written = format!("{PAGE}{pages}|{id}");
    (length(&written) <= CUSTOM_ID).then_some(written)
}

/// The number of pages and the id behind it.
pub(crate) fn read_page(id: &str) -> Option<(usize, &str)> {
    let (pages, id) = id.strip_prefix(PAGE)?.split_once('|')?;
    Some((pages.parse().ok()?, id))
}

/// The id of the button that asks for what a command lacks.
pub(crate) fn fill_id(command: &Command) -> String {
    format!("{FILL}{}", command.name)
}

/// The command whose form an id opens.
pub(crate) fn read_fill(id: &str) -> Option<&'static Command> {
    let name = id.strip_prefix(FILL)?;
    COMMANDS.iter().find(|command| command.name == name)
}

/// The command of a line that lacks a required option.
pub(crate) fn lacking(line: &str) -> Option<&'static Command> {
    let words = words(line).ok()?;
    let (name, rest) = words.split_first()?;
    let found = find(&name.text).ok()?;
    match bind(found.command, found.given, rest, Known::default()) {
        Err(ArgumentError::Missing { .. }) => Some(found.command),
        _ => None,
    }
}

/// The form that asks for a page. Its id is that of the button.
pub(crate) fn page_form(texts: &Catalogue, id: &str, pages: usize) -> InteractionResponse {
    let label = texts.say("page-label", &[("pages", pages.into())]).to_plain();
    let field = text_field(PAGE_FIELD, &label, "", 4, true);
    form(id, &texts.say("page-title", &[]).to_plain(), vec![field])
}

/// The form that asks for what a command takes: what it cannot do without, and then as much as there is room for.
pub(crate) fn command_form(texts: &Catalogue, command: &'static Command) -> InteractionResponse {
    let field = |option: &CommandOption| {
        let meaning = texts.say(&format!("option-{}", option.name), &[]).to_plain();
        let most = match option.kind {
            fullhold_commands::OptionKind::Text { most, .. } => most.min(LONGEST),
            _ => LONGEST,
        };
        text_field(option.name, option.name, &meaning, most, option.is_required)
    };
    let fields = command.options.iter().take(FIELDS).map(field).collect();
    let title = texts.say("form-title", &[("command", command.name.into())]).to_plain();
    form(&fill_id(command), &title, fields)
}

/// The page that was asked for, from 0; none where it is not a number.
pub(crate) fn page_asked(data: &ModalInteractionData) -> Option<usize> {
    let (_, typed) = fields(data).into_iter().find(|(name, _)| *name == PAGE_FIELD)?;
    typed.trim().parse::<usize>().ok()?.checked_sub(1)
}

/// The line that a filled form stands for.
pub(crate) fn line_of(command: &'static Command, data: &ModalInteractionData) -> String {
    let mut line = command.name.to_owned();
    for (name, typed) in fields(data) {
        let is_known = command.option(name).is_some();
        let typed = typed.trim();
        if is_known && !typed.is_empty() {
            line.push_str(&format!(" {name}:{}", quoted(typed)));
        }
    }
    line
}

/// What was typed, by the names of the fields.
fn fields(data: &ModalInteractionData) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut open: Vec<&ModalInteractionComponent> = data.components.iter().rev().collect();
    while let Some(component) = open.pop() {
        match component {
            ModalInteractionComponent::Label(label) => open.push(&label.component),
            ModalInteractionComponent::ActionRow(row) => open.extend(row.components.iter().rev()),
            ModalInteractionComponent::TextInput(input) => found.push((input.custom_id.as_str(), input.value.as_str())),
            _ => {}
        }
    }
    found
}

fn form(id: &str, title: &str, components: Vec<Component>) -> InteractionResponse {
    let data = InteractionResponseData {
        components: Some(components),
        custom_id: Some(id.to_owned()),
        title: Some(cut(title, LABEL)),
        ..InteractionResponseData::default()
    };
    InteractionResponse { kind: InteractionResponseType::Modal, data: Some(data) }
}

/// A field for so many characters at most.
#[expect(deprecated, reason = "a field of the platform's type that is not used, but must be written")]
fn text_field(name: &str, label: &str, meaning: &str, most: usize, required: bool) -> Component {
    let input = TextInput {
        custom_id: name.to_owned(),
        id: None,
        label: None,
        max_length: u16::try_from(most).ok(),
        min_length: Some(u16::from(required)),
        placeholder: None,
        required: Some(required),
        style: TextInputStyle::Short,
        value: None,
    };
    Component::Label(Label {
        component: Box::new(Component::TextInput(input)),
        description: Some(cut(meaning, DESCRIPTION)).filter(|meaning| !meaning.is_empty()),
        id: None,
        label: cut(label, LABEL),
    })
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
