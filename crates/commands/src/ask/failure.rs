//! Why a question has no answer.

use fullhold_repository::Error;

use crate::refusal::Refusal;
use crate::reply::Reply;

/// Why a question has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// What was typed does not fit, or is not allowed.
    Refused(Refusal),
    /// There is nothing to show: the reply says what was looked for, and what there is.
    Nothing(Box<Reply>),
    /// The database failed.
    Database(Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}
