//! What the binaries' exit codes mean. `docs/EXIT-CODES.md` is generated from this table.

use std::process::ExitCode;

/// How a binary ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything asked for was done.
    Fine = 0,
    /// Something needed was not to be had: database, network, disk.
    Failed = 1,
    /// The command line or the configuration is wrong; nothing was done.
    Usage = 2,
    /// The work is done, but some files were rejected or some data is wrong; the output names them.
    Rejected = 3,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct ExitSpec {
    /// Which exit.
    pub exit: Exit,
    /// When it happens.
    pub meaning: &'static str,
    /// What a script or a person does next.
    pub remedy: &'static str,
}

/// Every exit code, in order.
pub static EXITS: [ExitSpec; 4] = [
    ExitSpec { exit: Exit::Fine, meaning: "everything asked for was done", remedy: "nothing" },
    ExitSpec {
        exit: Exit::Failed,
        meaning: "something needed was not to be had: database, network, disk",
        remedy: "read the error, repair, run again: what was done is kept and not done twice",
    },
    ExitSpec {
        exit: Exit::Usage,
        meaning: "the command line or the configuration is wrong; nothing was done",
        remedy: "correct every problem in the list",
    },
    ExitSpec {
        exit: Exit::Rejected,
        meaning: "the work is done, but some files were rejected, or a validation found differences",
        remedy: "look at what the output names; after a validation, its last lines name the command that helps",
    },
];

impl Exit {
    /// The number that the operating system sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_codes() {
        assert!(EXITS.iter().map(|row| row.exit.code()).eq(0..4));
    }
}
