//! What can go wrong with Discord.

use twilight_model::gateway::CloseCode;

/// Why the bot cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Discord refuses the connection for good.
    #[error("Discord has closed the connection for good: {0}")]
    Closed(Reason),
    /// A request failed.
    #[error("Discord did not take a request: {what}")]
    Request {
        /// What was asked for.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: twilight_http::Error,
    },
    /// An answer of Discord is not what its documentation says.
    #[error("an answer of Discord cannot be read: {what}")]
    Answer {
        /// What was asked for.
        what: &'static str,
        /// What is wrong with it.
        #[source]
        source: twilight_http::response::DeserializeBodyError,
    },
    /// Discord knows no such token.
    #[error("Discord refuses the token; copy the one from the application's page \"Bot\" into DISCORD_TOKEN")]
    Token,
    /// A file of texts is malformed.
    #[error("the texts cannot be read")]
    Texts(#[from] fullhold_commands::CatalogueError),
    /// The database failed.
    #[error("settings and servers cannot be read")]
    Database(#[from] fullhold_repository::Error),
    /// An address in the settings is none.
    #[error("{key} \"{value}\" is no address: {expected} is one")]
    Address {
        /// The key.
        key: &'static str,
        /// What was found.
        value: String,
        /// An example.
        expected: &'static str,
    },
}

impl Error {
    /// What a request failed of. A token that is refused is its own error: only a person can mend it.
    pub(crate) fn request(what: &'static str, source: twilight_http::Error) -> Self {
        use twilight_http::error::ErrorType;
        match source.kind() {
            ErrorType::Unauthorized => Self::Token,
            ErrorType::Response { status, .. } if status.get() == 401 => Self::Token,
            _ => Self::Request { what, source },
        }
    }

    /// Whether the configuration is to blame.
    #[must_use]
    pub const fn is_about_settings(&self) -> bool {
        matches!(self, Self::Token | Self::Address { .. } | Self::Closed(_))
    }
}

/// Why Discord closed the connection, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(
    /// The code, if one came.
    pub Option<u16>,
);

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.0.and_then(|code| CloseCode::try_from(code).ok());
        let text = match known {
            Some(CloseCode::AuthenticationFailed) => {
                "the token is wrong or was reset; copy the one from the application's page \"Bot\" into DISCORD_TOKEN"
            }
            Some(CloseCode::DisallowedIntents) => {
                "an intent is not enabled; switch \"Message Content Intent\" on, on the application's page \"Bot\""
            }
            Some(CloseCode::ShardingRequired) => "the bot is in too many servers for one connection",
            Some(CloseCode::InvalidShard | CloseCode::InvalidApiVersion | CloseCode::InvalidIntents) => {
                "this version of the program is too old for Discord; install a newer one"
            }
            _ => "no reason is known",
        };
        match self.0 {
            Some(code) => write!(f, "{text} (close code {code})"),
            None => f.write_str(text),
        }
    }
}
