//! What is computed anew: everything, or the evenings of a server, of some days, of some files.

use std::path::PathBuf;

use fullhold_repository::{FileHead, FileId, ServerRow};

/// What is computed anew.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Everything, from the bytes in the database and with the rules that are set.
    Everything,
    /// Everything; files under these paths that are new or differ are taken in first, as files of
    /// this server.
    FromFiles(Vec<PathBuf>, ServerRow),
    /// Everything of one server, with the rules that are set.
    Server(ServerRow),
    /// The evenings that touch these dates of the servers' calendars, `YYYY-MM-DD`, both included.
    Dates(String, String),
    /// The evenings of these files.
    Files(Vec<FileId>),
}

impl Selection {
    pub(crate) fn wants(&self, head: &FileHead) -> bool {
        match self {
            Self::Everything | Self::FromFiles(..) | Self::Server(_) => true,
            Self::Dates(from, to) => {
                head.filename.get(..10).is_some_and(|day| from.as_str() <= day && day <= to.as_str())
            }
            Self::Files(ids) => ids.contains(&head.id),
        }
    }

    /// What it is called in the audit log.
    pub(crate) fn action(&self) -> &'static str {
        match self {
            Self::Everything | Self::FromFiles(..) | Self::Server(_) => "rebuild",
            Self::Dates(..) => "fix-range",
            Self::Files(_) => "rebuild files",
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Everything => "from the database".to_owned(),
            Self::FromFiles(paths, server) => {
                let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                format!("server {}, from {}", server.name, paths.join(", "))
            }
            Self::Server(server) => format!("server {}, from the database", server.name),
            Self::Dates(from, to) => format!("{from} to {to}"),
            Self::Files(ids) => format!("{} files", ids.len()),
        }
    }

    pub(crate) fn is_everything(&self) -> bool {
        matches!(self, Self::Everything | Self::FromFiles(..))
    }

    /// Which rules it is computed with.
    pub(crate) fn rules(&self) -> RulesOf {
        match self {
            Self::Everything | Self::FromFiles(..) | Self::Server(_) => RulesOf::Settings,
            Self::Dates(..) | Self::Files(_) => RulesOf::Database,
        }
    }
}

/// Where the rules of a computation come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RulesOf {
    /// Those that are set; they are recorded. Only for whole servers: else some evenings would
    /// follow other rules than the rest.
    Settings,
    /// Those that are recorded.
    Database,
}
