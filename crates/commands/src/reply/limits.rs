//! What the platform allows in one message, and how it counts.
//! Source: the documentation of messages, embeds and components; the sizes are in its API description too.

/// Characters of a message's content.
pub const CONTENT: usize = 2000;
/// Embeds of a message.
pub const EMBEDS: usize = 10;
/// Characters over all embeds of a message.
pub const ALL_EMBEDS: usize = 6000;
/// Characters of an embed's title.
pub const TITLE: usize = 256;
/// Characters of an embed's description.
pub const DESCRIPTION: usize = 4096;
/// Fields of an embed.
pub const FIELDS: usize = 25;
/// Characters of a field's name.
pub const FIELD_NAME: usize = 256;
/// Characters of a field's value.
pub const FIELD_VALUE: usize = 1024;
/// Characters of an embed's footer.
pub const FOOTER: usize = 2048;
/// Rows of buttons and choices.
pub const ROWS: usize = 5;
/// Buttons of a row.
pub const ROW_BUTTONS: usize = 5;
/// Choices of a select menu.
pub const CHOICES: usize = 25;
/// Characters of a button's label.
pub const BUTTON_LABEL: usize = 80;
/// Characters of a choice's label.
pub const CHOICE_LABEL: usize = 100;
/// Characters of a custom id.
pub const CUSTOM_ID: usize = 100;
/// Files of a message.
pub const FILES: usize = 10;
/// Characters of a file's description.
pub const ALT_TEXT: usize = 1024;

/// How long a text is to the platform. Its servers count code points and its apps UTF-16 units; the larger holds for
/// both.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
