//! What goes wrong on demand: which requests meet which trouble, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Something that goes wrong with requests.
#[derive(Clone, Debug)]
pub struct Trouble {
    kind: Kind,
    pattern: String,
    times: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Nothing is done; the answer has this status.
    Status(u16),
    /// Nothing is done; too many requests.
    RateLimited { retry_after: Duration, is_global: bool },
    /// A proxy before Discord refuses: 429 without any header of Discord's.
    Banned,
    /// Done; the answer takes this time.
    Slow(Duration),
    /// Done; half of the answer comes.
    Truncated,
    /// Done; the connection is cut instead of an answer.
    AnswerLost,
    /// Nothing is done; the connection is cut.
    Outage,
}

impl Trouble {
    fn new(kind: Kind) -> Self {
        Self { kind, pattern: "*".to_owned(), times: None }
    }

    /// Nothing is done, and the answer has this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// The request's bucket is empty.
    #[must_use]
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::new(Kind::RateLimited { retry_after, is_global: false })
    }

    /// The bot has sent too much over all.
    #[must_use]
    pub fn globally_limited(retry_after: Duration) -> Self {
        Self::new(Kind::RateLimited { retry_after, is_global: true })
    }

    /// 429 from a proxy before Discord: no header says why or how long.
    #[must_use]
    pub fn banned() -> Self {
        Self::new(Kind::Banned)
    }

    /// The request is done, and its answer takes this time.
    #[must_use]
    pub fn slow(time: Duration) -> Self {
        Self::new(Kind::Slow(time))
    }

    /// The request is done, and half of the answer comes.
    #[must_use]
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// The request is done, and the connection is cut instead of an answer.
    #[must_use]
    pub fn answer_lost() -> Self {
        Self::new(Kind::AnswerLost)
    }

    /// Nothing is done, and the connection is cut.
    #[must_use]
    pub fn outage() -> Self {
        Self::new(Kind::Outage)
    }

    /// Which requests: method and path without `/api/v10`, `*` for one part, as in `POST /channels/*/messages`. All
    /// without.
    #[must_use]
    pub fn on(mut self, pattern: &str) -> Self {
        pattern.clone_into(&mut self.pattern);
        self
    }

    /// How often; for ever without.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }
}

/// How often a trouble has struck.
#[derive(Clone, Debug)]
pub struct Struck(Arc<AtomicUsize>);

impl Struck {
    /// How many requests have met it.
    #[must_use]
    pub fn met(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A trouble that waits for requests.
#[derive(Debug)]
pub(crate) struct Rule {
    trouble: Trouble,
    met: Arc<AtomicUsize>,
}

impl Rule {
    pub(crate) fn new(trouble: Trouble) -> (Self, Struck) {
        let met = Arc::new(AtomicUsize::new(0));
        (Self { trouble, met: Arc::clone(&met) }, Struck(met))
    }

    /// What happens to this request, which then counts.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Option<Kind> {
        let is_left = self.trouble.times.is_none_or(|times| self.met.load(Ordering::SeqCst) < times);
        let strikes = is_left && matches(&self.trouble.pattern, method, path);
        strikes.then(|| {
            self.met.fetch_add(1, Ordering::SeqCst);
            self.trouble.kind
        })
    }
}

/// Whether a request is meant by a pattern.
pub(crate) fn matches(pattern: &str, method: &str, path: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (wanted, parts) = pattern.split_once(' ').unwrap_or(("*", pattern));
    if wanted != "*" && wanted != method {
        return false;
    }
    let (parts, path): (Vec<&str>, Vec<&str>) = (parts.split('/').collect(), path.split('/').collect());
    parts.len() == path.len() && parts.iter().zip(&path).all(|(part, is)| *part == "*" || part == is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_whole_paths() {
        assert!(matches("*", "GET", "/anything/1"));
        assert!(matches("POST /channels/*/messages", "POST", "/channels/1/messages"));
        assert!(matches("/channels/*/messages", "GET", "/channels/1/messages"));
        assert!(!matches("POST /channels/*/messages", "GET", "/channels/1/messages"));
        assert!(!matches("POST /channels/*/messages", "POST", "/channels/1/messages/2"));
    }

    #[test]
    fn a_trouble_strikes_as_often_as_it_should() {
        let (rule, struck) = Rule::new(Trouble::status(500).on("GET /gateway").times(2));
        let outcomes: Vec<_> = (0..3).map(|_| rule.strike("GET", "/gateway")).collect();
        assert_eq!(outcomes, [Some(Kind::Status(500)), Some(Kind::Status(500)), None]);
        assert_eq!(rule.strike("GET", "/users/@me"), None);
        assert_eq!(struck.met(), 2);
    }
}
