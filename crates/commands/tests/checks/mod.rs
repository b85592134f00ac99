//! What every message must keep.

use fullhold_commands::reply::limits::{self, length};
use fullhold_commands::reply::{Message, Row};

/// Every limit of the platform.
pub(crate) fn check(message: &Message) {
    assert!((1..=limits::EMBEDS).contains(&message.embeds.len()), "{} embeds", message.embeds.len());
    let mut all = 0;
    for embed in &message.embeds {
        assert!(length(&embed.title) <= limits::TITLE);
        assert!(length(&embed.description) <= limits::DESCRIPTION);
        assert!(length(&embed.footer) <= limits::FOOTER);
        assert!(embed.fields.len() <= limits::FIELDS);
        assert!(embed.description.matches("```").count().is_multiple_of(2), "torn code block: {}", embed.description);
        all += length(&embed.title) + length(&embed.description) + length(&embed.footer);
        for field in &embed.fields {
            assert!((1..=limits::FIELD_NAME).contains(&length(&field.name)), "{field:?}");
            assert!((1..=limits::FIELD_VALUE).contains(&length(&field.value)), "{field:?}");
            all += length(&field.name) + length(&field.value);
        }
    }
    assert!(all <= limits::ALL_EMBEDS, "{all} characters over all embeds");
    assert!(message.rows.len() <= limits::ROWS);
    for row in &message.rows {
        match row {
            Row::Buttons(buttons) => {
                assert!((1..=limits::ROW_BUTTONS).contains(&buttons.len()));
                assert!(buttons.iter().all(|button| (1..=limits::BUTTON_LABEL).contains(&length(&button.label))));
            }
            Row::Menu { choices, .. } => {
                assert!((1..=limits::CHOICES).contains(&choices.len()));
                assert!(choices.iter().all(|choice| (1..=limits::CHOICE_LABEL).contains(&length(&choice.label))));
            }
        }
    }
}
