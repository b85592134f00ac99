//! A reply as the platform takes it: embeds, buttons, menus and files. Where everything goes was decided by
//! `fullhold_commands::reply::messages`; here it only gets its types.

use std::collections::BTreeSet;

use fullhold_commands::reply::{Embed as Laid, Message, Press, Reply, Row, limits, messages};
use fullhold_commands::{CustomId, UserId};
use twilight_model::channel::message::Embed;
use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, Component, SelectMenu, SelectMenuOption, SelectMenuType,
};
use twilight_model::channel::message::embed::{EmbedField, EmbedFooter};
use twilight_model::http::attachment::Attachment;

use crate::forms;

/// The colour beside an embed: the sand of the pictures.
const COLOUR: u32 = 0x00d9_c8a0;

/// What is sent or edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// Embeds, at most ten.
    pub embeds: Vec<Embed>,
    /// Rows of buttons and menus, at most five.
    pub components: Vec<Component>,
    /// Files, with what is seen in them.
    pub attachments: Vec<Attachment>,
    /// Whether only the asker may see it.
    pub is_private: bool,
}

impl Rendered {
    /// With one button more, in a row of its own, if there is room for it.
    pub(crate) fn with_button(mut self, label: String, custom_id: String) -> Self {
        if self.components.len() < limits::ROWS {
            let button = Component::Button(plain_button(label, custom_id, false));
            self.components.push(Component::ActionRow(ActionRow { components: vec![button], id: None }));
        }
        self
    }

    /// The ids of everything that can be pressed or chosen.
    pub(crate) fn ids(components: &[Component]) -> Vec<&str> {
        let mut ids = Vec::new();
        for component in components {
            match component {
                Component::ActionRow(row) => ids.extend(Self::ids(&row.components)),
                Component::Button(button) => ids.extend(button.custom_id.as_deref()),
                Component::SelectMenu(menu) => ids.push(menu.custom_id.as_str()),
                _ => {}
            }
        }
        ids
    }
}

/// Who asked what, and when: what buttons must remember.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who.
    pub user: UserId,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// The command line, without prefix.
    pub line: &'a str,
    /// The page, from 0; one behind the last is the last.
    pub page: usize,
}

/// A page of a reply. Files go with the first page only.
#[must_use]
pub fn rendered(reply: &Reply, asked: Asked<'_>) -> Rendered {
    let pages = messages(reply, asked.line);
    let page = asked.page.min(pages.len().saturating_sub(1));
    let Some(message) = pages.into_iter().nth(page) else { return Rendered::default() };
    let Message { embeds, rows } = message;
    let mut ids = Ids { asked, used: BTreeSet::new() };
    let components = rows.into_iter().enumerate().filter_map(|(number, row)| ids.row(number, row)).collect();
    let files = if page == 0 { reply.files.as_slice() } else { &[] };
    let attachment = |(id, file): (u64, &fullhold_commands::reply::Attachment)| {
        let mut attachment = Attachment::from_bytes(file.name.clone(), file.bytes.clone(), id);
        if !file.alt_text.is_empty() {
            attachment.description(file.alt_text.clone());
        }
        attachment
    };
    Rendered {
        embeds: embeds.into_iter().map(embed).collect(),
        components,
        attachments: (0..).zip(files).map(attachment).collect(),
        is_private: reply.is_private,
    }
}

fn embed(laid: Laid) -> Embed {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let field = |field: fullhold_commands::reply::Field| EmbedField {
        inline: field.is_inline,
        name: field.name,
        value: field.value,
    };
    Embed {
        author: None,
        color: Some(COLOUR),
        description: some(laid.description),
        fields: laid.fields.into_iter().map(field).collect(),
        flags: None,
        footer: some(laid.footer).map(|text| EmbedFooter { icon_url: None, proxy_icon_url: None, text }),
        image: None,
        kind: "rich".to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: some(laid.title),
        url: None,
        video: None,
    }
}

fn plain_button(label: String, custom_id: String, disabled: bool) -> Button {
    Button {
        custom_id: Some(custom_id),
        disabled,
        emoji: None,
        id: None,
        label: Some(label),
        sku_id: None,
        style: ButtonStyle::Secondary,
        url: None,
    }
}

/// The ids of a message. The platform refuses a message with two equal ones.
struct Ids<'a> {
    asked: Asked<'a>,
    used: BTreeSet<String>,
}

impl Ids<'_> {
    fn row(&mut self, number: usize, row: Row) -> Option<Component> {
        let components: Vec<Component> = match row {
            Row::Buttons(presses) => presses.into_iter().filter_map(|press| self.button(press)).collect(),
            Row::Menu { label, choices } => self.menu(number, label, choices).into_iter().collect(),
        };
        (!components.is_empty()).then_some(Component::ActionRow(ActionRow { components, id: None }))
    }

    fn button(&mut self, press: Press) -> Option<Component> {
        let id = self.id(&press)?;
        let form = press.pages.and_then(|pages| forms::page_id(pages, &id));
        // Without a form for it, the number of the page is only read.
        let (custom_id, is_disabled) = form.map_or((id, press.is_disabled), |form| (form, false));
        Some(Component::Button(plain_button(press.label, custom_id, is_disabled)))
    }

    fn menu(&mut self, number: usize, label: String, choices: Vec<Press>) -> Option<Component> {
        let option = |choice: Press| {
            let value = self.id(&choice)?;
            Some(SelectMenuOption {
                default: choice.is_disabled,
                description: None,
                emoji: None,
                label: choice.label,
                value,
            })
        };
        let options: Vec<SelectMenuOption> = choices.into_iter().filter_map(option).collect();
        let menu = SelectMenu {
            channel_types: None,
            custom_id: format!("{MENU}{number}"),
            default_values: None,
            disabled: false,
            id: None,
            kind: SelectMenuType::Text,
            max_values: None,
            min_values: None,
            options: Some(options),
            placeholder: Some(label).filter(|label| !label.is_empty()),
            required: None,
        };
        menu.options.as_ref().is_some_and(|options| !options.is_empty()).then_some(Component::SelectMenu(menu))
    }

    /// The id of something to press; `None` where its line is too long for one. "⏮" and "◀" of the second page mean the
    /// same and must have two ids: spaces behind a line mean nothing.
    fn id(&mut self, press: &Press) -> Option<String> {
        let mut line = press.line.clone();
        loop {
            let id = CustomId { asker: Some(self.asked.user), asked_at: self.asked.at, page: press.page, line };
            let written = id.write()?;
            if self.used.insert(written.clone()) {
                return Some(written);
            }
            line = format!("{} ", id.line);
        }
    }
}

/// What the ids of menus begin with; what was chosen is in the value.
pub(crate) const MENU: &str = "menu";

#[cfg(test)]
mod tests {
    use fullhold_commands::reply::{Action, Button as Asking, Text};

    use super::*;

    fn long_reply() -> Reply {
        let mut reply = Reply::new(Text::plain("title"));
        for number in 0..40 {
            reply = reply.text(Text::plain(&format!("paragraph {number} {}", "x".repeat(400))));
        }
        reply.action(Action::Button(Asking::new(Text::plain("weapons"), "stats vid weapons")))
    }

    #[test]
    fn ids_of_a_message_differ_and_say_what_they_do() {
        let reply = long_reply();
        for page in [0, 1, 2, 99] {
            let asked = Asked { user: UserId(7), at: 1_700_000_000, line: "stats vid", page };
            let rendered = rendered(&reply, asked);
            let ids = Rendered::ids(&rendered.components);
            let unique: BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(unique.len(), ids.len(), "{ids:?}");
            for id in ids {
                let (pages, id) = forms::read_page(id).map_or((None, id), |(pages, id)| (Some(pages), id));
                assert!(pages.is_none_or(|pages| pages > 1));
                let read = CustomId::read(id).unwrap();
                assert_eq!(read.asker, Some(UserId(7)));
                assert!(read.line.trim_end() == "stats vid" || read.line == "stats vid weapons", "{id}");
            }
        }
    }

    #[test]
    fn files_go_with_the_first_page() {
        let file = fullhold_commands::reply::Attachment {
            name: "evening.png".to_owned(),
            alt_text: "a card".to_owned(),
            bytes: vec![1, 2, 3],
        };
        let reply = long_reply().file(file);
        let asked = Asked { user: UserId(7), at: 0, line: "last", page: 0 };
        let first = rendered(&reply, asked);
        assert_eq!(first.attachments.len(), 1);
        assert_eq!(first.attachments[0].description.as_deref(), Some("a card"));
        assert!(rendered(&reply, Asked { page: 1, ..asked }).attachments.is_empty());
    }
}
