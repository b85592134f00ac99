//! Words of the database that no pure crate knows: states of files, and where rows come from.

use fullhold_stats_file::words;

words! {
    /// What kind of file was stored.
    pub enum StoredKind: "kind of a file" {
        /// A stats file of a round.
        Stats = "stats",
        /// The list of awards that the server writes after it.
        Endstats = "endstats",
    }
}

words! {
    /// What became of a file.
    pub enum FileState: "state of a file" {
        /// Its round is stored.
        Imported = "imported",
        /// Importing it failed; it is tried again when its bytes or the parser are others, or when a person says so.
        Failed = "failed",
        /// A person set it aside.
        Ignored = "ignored",
    }
}

words! {
    /// What is known of a file on a game server that is not stored.
    pub enum RemoteFileState: "state of a file on a server" {
        /// It is to be had, and is not stored yet.
        Waiting = "waiting",
        /// The last attempt failed; more follow.
        Failed = "failed",
        /// Given up after the last attempt.
        Dead = "dead",
        /// Other bytes are stored under its name.
        Conflict = "conflict",
        /// The very bytes are stored, with another size or time on the server.
        Same = "same",
        /// A person set this version of it aside.
        Ignored = "ignored",
    }
}

words! {
    /// Why a local file was left out.
    pub enum LeftOutKind: "kind of a file that was left out" {
        /// Other bytes are stored under its name.
        Conflict = "conflict",
        /// It could not be read.
        Unreadable = "unreadable",
    }
}

words! {
    /// Whether a file that was left out waits for a person's word.
    pub enum LeftOutState: "state of a file that was left out" {
        /// It does.
        Open = "open",
        /// A person set it aside.
        Ignored = "ignored",
    }
}

words! {
    /// Where a round comes from.
    pub enum RoundSource: "source of a round" {
        /// A raw file.
        File = "file",
        /// The database of the reference bot.
        Reference = "reference",
    }
}

words! {
    /// Who says who is in which team.
    pub enum TeamSource: "source of a team" {
        /// The rounds themselves.
        Detected = "detected",
        /// A person.
        Manual = "manual",
    }
}

words! {
    /// How much of a player others may see; the stricter is the greater.
    pub enum Privacy: "privacy" {
        /// Everything.
        Public = "public",
        /// The name in lists, no answers about the player.
        Private = "private",
        /// A number in place of the name.
        Anonymous = "anonymous",
    }
}
