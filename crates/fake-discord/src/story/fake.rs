//! The fake itself: starting it, what came, and whether it was right.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Channel, GatewayHandle, Guild, Person};
use crate::options::Options;
use crate::state::{Request, Shared};
use crate::trouble::{Rule, Struck, Trouble, matches};
use crate::world::{self, Member};
use crate::{gateway, permissions as p, rest};

/// A Discord on loopback. Dropping it ends it.
#[derive(Debug)]
pub struct FakeDiscord {
    pub(crate) shared: Arc<Shared>,
    api_url: String,
    gateway_url: String,
    _servers: JoinSet<()>,
}

impl FakeDiscord {
    /// Starts one on free ports.
    ///
    /// # Panics
    /// Loopback does not work.
    pub async fn start() -> Self {
        Self::with(Options::usual()).await
    }

    /// Starts one with these options.
    ///
    /// # Panics
    /// Loopback does not work, or a port of the options is taken.
    pub async fn with(options: Options) -> Self {
        let (rest, api_url) = listen(options.rest_port, "http").await;
        let (ws, gateway_url) = listen(options.gateway_port, "ws").await;
        let shared = Arc::new(Shared::new(options));
        shared.change(|state| {
            state.gateway.url.clone_from(&gateway_url);
            state.world.files_url = format!("{api_url}/files");
        });
        let mut servers = JoinSet::new();
        servers.spawn(rest::serve(Arc::clone(&shared), rest));
        servers.spawn(gateway::serve(Arc::clone(&shared), ws));
        Self { shared, api_url, gateway_url, _servers: servers }
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.options.token
    }

    /// Where REST is, such as `http://127.0.0.1:1234`.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Where the gateway is, such as `ws://127.0.0.1:1235`.
    #[must_use]
    pub fn gateway_url(&self) -> &str {
        &self.gateway_url
    }

    /// The application's number; the bot's user has the same.
    #[must_use]
    pub fn application_id(&self) -> u64 {
        self.shared.look(|state| state.world.application)
    }

    /// A new guild with the bot in it, and an owner who does nothing.
    #[must_use]
    pub fn guild(&self, name: &str) -> Guild {
        self.new_guild(name, true)
    }

    /// A new guild without the bot.
    #[must_use]
    pub fn guild_without_bot(&self, name: &str) -> Guild {
        self.new_guild(name, false)
    }

    fn new_guild(&self, name: &str, with_bot: bool) -> Guild {
        let owner = self.person(&format!("owner of {name}"));
        let id = self.shared.change(|state| {
            let id = state.world.clock.snowflake();
            let joined = state.world.clock.stamp();
            let bot = state.world.bot();
            let users = if with_bot { vec![owner.id, bot] } else { vec![owner.id] };
            let member = |user| (user, Member { user, roles: Vec::new(), joined: joined.clone() });
            let everyone = world::Role { id, name: "@everyone".to_owned(), permissions: p::EVERYONE };
            let guild = world::Guild {
                id,
                name: name.to_owned(),
                owner: owner.id,
                roles: vec![everyone],
                members: users.into_iter().map(member).collect(),
                voice: std::collections::BTreeMap::new(),
                locale: "en-US".to_owned(),
            };
            state.world.guilds.insert(id, guild);
            state.guild_appeared(id);
            id
        });
        Guild { shared: Arc::clone(&self.shared), id }
    }

    /// A new person, in no guild yet.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let id = self.shared.change(|state| {
            let id = state.world.clock.snowflake();
            let user = world::User {
                id,
                name: name.to_owned(),
                is_bot: false,
                locale: "en-US".to_owned(),
                has_installed: false,
            };
            state.world.users.insert(id, user);
            id
        });
        Person { shared: Arc::clone(&self.shared), id }
    }

    /// The direct channel between a person and the bot.
    #[must_use]
    pub fn direct(&self, person: &Person) -> Channel {
        let id = self.shared.change(|state| state.world.direct(person.id));
        Channel { shared: Arc::clone(&self.shared), id }
    }

    /// The gateway: what happened over it, and what goes wrong with it.
    #[must_use]
    pub fn gateway(&self) -> GatewayHandle {
        GatewayHandle { shared: Arc::clone(&self.shared) }
    }

    /// Makes something go wrong with requests; the latest comes first.
    pub fn trouble(&self, trouble: Trouble) -> Struck {
        let (rule, struck) = Rule::new(trouble);
        self.shared.change(|state| state.troubles.insert(0, rule));
        struck
    }

    /// Ends all troubles with requests.
    pub fn calm(&self) {
        self.shared.change(|state| state.troubles.clear());
    }

    /// Makes everything older: interactions, sessions.
    pub fn pass(&self, time: Duration) {
        self.shared.change(|state| state.world.clock.pass(time));
    }

    /// All requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.look(|state| state.requests.clone())
    }

    /// How many requests came that a pattern means, such as `POST /channels/*/messages`.
    #[must_use]
    pub fn count(&self, pattern: &str) -> usize {
        let is_meant = |request: &&Request| matches(pattern, &request.method, &request.path);
        self.shared.look(|state| state.requests.iter().filter(is_meant).count())
    }

    /// Waits until so many requests have come that a pattern means.
    ///
    /// # Panics
    /// They do not come.
    pub async fn requested(&self, pattern: &str, least: usize) {
        let what = format!("{least} requests {pattern}");
        self.shared
            .until(&what, |state| {
                let meant = state.requests.iter().filter(|request| matches(pattern, &request.method, &request.path));
                (meant.count() >= least).then_some(())
            })
            .await;
    }

    /// Commands that are registered for everywhere.
    #[must_use]
    pub fn commands(&self) -> Vec<Value> {
        self.shared.look(|state| state.world.commands_json(None))
    }

    /// Sends any event to all sessions, whatever their intents.
    pub fn deliver(&self, event: &str, payload: &Value) {
        self.shared.change(|state| state.dispatch(event, 0, payload));
    }

    /// What no bot should have done, so far.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.shared.look(|state| state.violations.clone())
    }

    /// The same, and forgets it: for tests that provoke it.
    #[must_use]
    pub fn take_violations(&self) -> Vec<String> {
        self.shared.change(|state| std::mem::take(&mut state.violations))
    }

    /// Fails if the bot did anything that the description or a documented limit rejects.
    ///
    /// # Panics
    /// There is a violation.
    pub fn assert_no_violations(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "{} violations:\n  {}", violations.len(), violations.join("\n  "));
    }
}

async fn listen(port: u16, scheme: &str) -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.unwrap_or_else(|error| panic!("port {port} of 127.0.0.1: {error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("a bound socket has an address: {error}"));
    (listener, format!("{scheme}://{address}"))
}
