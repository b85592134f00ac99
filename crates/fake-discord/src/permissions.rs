//! Discord's permission bits, as far as the product meets them.

/// May react to messages with something nobody has reacted with yet.
pub const ADD_REACTIONS: u64 = 1 << 6;
/// May everything, everywhere in the guild.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// May change the guild.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// Sees a channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// May write in a channel.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// May delete other people's messages.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// May post embeds.
pub const EMBED_LINKS: u64 = 1 << 14;
/// May post files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// May read what was written before, and reply to it.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// May mention everyone.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// May join a voice channel.
pub const CONNECT: u64 = 1 << 20;
/// May use slash commands.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;

/// What @everyone may in a new guild.
pub const EVERYONE: u64 = ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CONNECT
    | USE_APPLICATION_COMMANDS;

/// All bits.
pub const ALL: u64 = (1 << 53) - 1;
