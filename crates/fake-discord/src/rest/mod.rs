//! REST: which requests the fake answers, and how a request goes through its checks.

mod buckets;
mod call;
mod commands;
mod interactions;
mod messages;
mod multipart;
mod pipeline;
mod places;
mod posting;
mod reactions;
mod refusal;
mod server;
mod webhooks;

use serde_json::Value;

use crate::state::State;

pub(crate) use buckets::Buckets;
pub(crate) use call::{Call, Upload};
pub(crate) use refusal::Refusal;
pub(crate) use server::serve;

/// An answer of Discord.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
}

impl Answer {
    fn ok(body: Value) -> Result<Self, Refusal> {
        Ok(Self { status: 200, body: Some(body) })
    }

    fn created(body: Value) -> Result<Self, Refusal> {
        Ok(Self { status: 201, body: Some(body) })
    }

    fn nothing() -> Result<Self, Refusal> {
        Ok(Self { status: 204, body: None })
    }
}

/// Does what a request asks for; the strings are what stands where the route has names.
type Handler = fn(&mut State, &Call, &[&str]) -> Result<Answer, Refusal>;

/// A kind of request that the fake answers.
struct Route {
    method: &'static str,
    template: &'static str,
    /// Whether it needs no token of the bot.
    is_open: bool,
    handler: Handler,
}

const fn route(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route { method, template, is_open: false, handler }
}

const fn open(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route { method, template, is_open: true, handler }
}

/// All that the fake answers. Whatever else the description has is a violation here, until somebody adds it.
#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("GET", "/applications/@me", places::application),
    route("GET", "/applications/{application_id}/commands", commands::list_global),
    route("PUT", "/applications/{application_id}/commands", commands::set_global),
    route("POST", "/applications/{application_id}/commands", commands::create_global),
    route("DELETE", "/applications/{application_id}/commands/{command_id}", commands::delete_global),
    route("GET", "/applications/{application_id}/guilds/{guild_id}/commands", commands::list_guild),
    route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands", commands::set_guild),
    route("POST", "/applications/{application_id}/guilds/{guild_id}/commands", commands::create_guild),
    route("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", commands::delete_guild),
    route("GET", "/channels/{channel_id}", places::channel),
    route("GET", "/channels/{channel_id}/messages", messages::list),
    route("POST", "/channels/{channel_id}/messages", messages::create),
    route("GET", "/channels/{channel_id}/messages/{message_id}", messages::get),
    route("PATCH", "/channels/{channel_id}/messages/{message_id}", messages::edit),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}", messages::delete),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions", reactions::clear),
    route("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}", reactions::list),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}", reactions::clear_one),
    route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::add),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::remove_own),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}", reactions::remove),
    route("POST", "/channels/{channel_id}/typing", places::typing),
    open("GET", "/gateway", places::gateway),
    route("GET", "/gateway/bot", places::gateway_bot),
    route("GET", "/guilds/{guild_id}", places::guild),
    route("GET", "/guilds/{guild_id}/channels", places::guild_channels),
    route("GET", "/guilds/{guild_id}/members/{user_id}", places::member),
    route("GET", "/guilds/{guild_id}/roles", places::roles),
    open("POST", "/interactions/{interaction_id}/{interaction_token}/callback", interactions::callback),
    route("GET", "/users/@me", places::own_user),
    route("POST", "/users/@me/channels", places::direct),
    route("GET", "/users/@me/guilds", places::own_guilds),
    route("GET", "/users/{user_id}", places::user),
    open("POST", "/webhooks/{webhook_id}/{webhook_token}", webhooks::follow_up),
    open("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::get_original),
    open("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::edit_original),
    open("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", webhooks::delete_original),
    open("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::get),
    open("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::edit),
    open("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", webhooks::delete),
];

/// The route of a request, and what stands where it has names. A route without a name in that place goes first.
fn find<'a>(method: &str, path: &'a str) -> Option<(&'static Route, Vec<&'a str>)> {
    let fits = ROUTES.iter().filter(|route| route.method == method);
    let found = fits.filter_map(|route| named_parts(route.template, path).map(|names| (route, names)));
    found.min_by_key(|(_, names)| names.len())
}

fn named_parts<'a>(template: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let (parts, is): (Vec<&str>, Vec<&'a str>) = (template.split('/').collect(), path.split('/').collect());
    if parts.len() != is.len() {
        return None;
    }
    let mut names = Vec::new();
    for (part, is) in parts.into_iter().zip(is) {
        if part.starts_with('{') {
            names.push(is);
        } else if part != is {
            return None;
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::description;

    #[test]
    fn every_route_is_in_the_description() {
        let Some(description) = description() else { return };
        for route in ROUTES {
            let operation = description.operation(route.method, route.template);
            assert_eq!(
                operation.map(|operation| operation.template).as_deref(),
                Some(route.template),
                "{}",
                route.method
            );
        }
    }

    #[test]
    fn the_route_with_fewest_names_goes_first() {
        let (route, names) = find("GET", "/webhooks/1/tok/messages/@original").unwrap();
        assert_eq!(route.template, "/webhooks/{webhook_id}/{webhook_token}/messages/@original");
        assert_eq!(names, ["1", "tok"]);
        assert!(find("GET", "/webhooks/1/tok/messages").is_none());
    }
}
