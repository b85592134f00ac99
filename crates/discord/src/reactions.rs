//! Picking oneself by reaction: 1️⃣ 2️⃣ 3️⃣ below what `link` offers. The message says whose choice it is and until when,
//! so nothing has to be remembered.

use fullhold_commands::CustomId;
use twilight_model::channel::message::EmojiReactionType;
use twilight_model::gateway::GatewayReaction;

use crate::front::Front;
use crate::render::Rendered;
use crate::rest::Posted;
use crate::typed::is_command;

/// What stands for the first, second and third choice.
const CHOICES: [&str; 3] = ["1\u{fe0f}\u{20e3}", "2\u{fe0f}\u{20e3}", "3\u{fe0f}\u{20e3}"];

/// The reactions that a page offers: one for each of its choices.
pub(crate) fn offered(page: &Rendered) -> impl Iterator<Item = &'static str> {
    let count = choices(&Rendered::ids(&page.components)).len();
    CHOICES.into_iter().take(count)
}

/// What the buttons of an offer stand for.
fn choices(ids: &[&str]) -> Vec<CustomId> {
    let read = ids.iter().filter_map(|id| CustomId::read(id));
    read.filter(|id| is_command(&id.line, "link_me")).collect()
}

impl Front {
    /// Does what the button of the same number would do, for who was asked and while he has time.
    pub(crate) async fn reaction(&self, reaction: &GatewayReaction) {
        let EmojiReactionType::Unicode { name } = &reaction.emoji else { return };
        let Some(place) = CHOICES.iter().position(|choice| *choice == *name) else { return };
        if reaction.message_author_id != Some(self.rest.own) || reaction.user_id == self.rest.own {
            return;
        }
        let at = Posted { channel: reaction.channel_id, message: reaction.message_id };
        let Some(message) = self.rest.message(at).await else { return };
        self.learn_roles(reaction.guild_id).await;
        let roles = reaction.member.as_ref().map_or_else(Vec::new, |member| member.roles.clone());
        let origin = self.origin_of_person(reaction.guild_id, reaction.channel_id, reaction.user_id, roles);
        let Some(choice) = choices(&Rendered::ids(&message.components)).into_iter().nth(place) else { return };
        if !choice.may_choose(origin.person.account(), origin.at.unix_timestamp()) {
            return;
        }
        let told = self.ask(&origin, &choice.line, 0).await;
        let page = self.page(&told, &origin, &choice.line, 0);
        if let Err(error) = self.rest.edit(at, &page).await {
            tracing::warn!(channel.id = %at.channel, error = %error, "a choice by reaction was not answered");
        }
    }
}
