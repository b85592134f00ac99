//! `cargo xtask discord`: the fake Discord with a page, for trying the bot by hand without a token.

use std::error::Error;

use crate::process::{cargo, succeed};

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    succeed(cargo().args(["run", "--quiet", "--package", "fullhold-fake-discord", "--example", "discord"]))
}
