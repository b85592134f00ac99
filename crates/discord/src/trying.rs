//! Requests that Discord cannot answer just now are tried again, after longer and longer pauses. What it refuses stays
//! refused.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::Instant;
use twilight_http::error::ErrorType;
use twilight_http::response::marker::ListBody;
use twilight_http::response::{DeserializeBodyError, Response, ResponseFuture};

use crate::error::Error;

/// Times that a request is tried that Discord could not answer.
const TRIES: u32 = 4;
/// Before the second try; doubled for each further one.
const PAUSE: Duration = Duration::from_millis(400);
/// Times that a request is tried that was one too many.
const TRIES_OF_TOO_MANY: u32 = 7;
/// Before it is tried again; doubled for each further try.
const PAUSE_OF_TOO_MANY: Duration = Duration::from_secs(1);

/// Tries a request again that Discord could not answer.
pub(crate) async fn again<T>(request: impl FnMut() -> ResponseFuture<T>) -> Result<Response<T>, twilight_http::Error>
where
    T: Unpin,
{
    again_until(None, request).await
}

/// The same, but gives up when the next try would begin too late.
pub(crate) async fn again_until<T>(
    until: Option<Instant>,
    mut request: impl FnMut() -> ResponseFuture<T>,
) -> Result<Response<T>, twilight_http::Error>
where
    T: Unpin,
{
    let (mut failed, mut too_many) = (0, 0);
    loop {
        let mut sent = request();
        // The library sends what was too much again itself. Where the answer names no bucket, because it was too much over
        // all or a proxy said it, it would do so at once, and for ever.
        let is_first = AtomicBool::new(true);
        sent.set_pre_flight(move || is_first.swap(false, Ordering::Relaxed));
        let error = match sent.await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let pause = match error.kind() {
            ErrorType::RequestCanceled if too_many + 1 < TRIES_OF_TOO_MANY => {
                too_many += 1;
                PAUSE_OF_TOO_MANY * 2_u32.pow(too_many - 1)
            }
            _ if may_pass(&error) && failed + 1 < TRIES => {
                failed += 1;
                PAUSE * 2_u32.pow(failed - 1)
            }
            _ => return Err(error),
        };
        let next = Instant::now() + pause.mul_f64(0.5 + fastrand::f64());
        if until.is_some_and(|until| next >= until) {
            return Err(error);
        }
        tracing::debug!(error = %error, "Discord could not answer; it is asked again");
        tokio::time::sleep_until(next).await;
    }
}

/// Asks for something, and again where the answer was cut. For what can be asked twice.
///
/// # Errors
/// Discord refused it or could not answer, or its answers cannot be read.
pub(crate) async fn read<T>(what: &'static str, mut request: impl FnMut() -> ResponseFuture<T>) -> Result<T, Error>
where
    T: DeserializeOwned + Unpin,
{
    let mut cuts = Cuts::default();
    loop {
        let response = again(&mut request).await.map_err(|source| Error::request(what, source))?;
        match response.model().await {
            Ok(model) => return Ok(model),
            Err(source) => cuts.one_more(what, source).await?,
        }
    }
}

/// The same for a list.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_all<T>(
    what: &'static str,
    mut request: impl FnMut() -> ResponseFuture<ListBody<T>>,
) -> Result<Vec<T>, Error>
where
    T: DeserializeOwned + Unpin,
{
    let mut cuts = Cuts::default();
    loop {
        let response = again(&mut request).await.map_err(|source| Error::request(what, source))?;
        match response.models().await {
            Ok(models) => return Ok(models),
            Err(source) => cuts.one_more(what, source).await?,
        }
    }
}

/// Answers of one request that were cut.
#[derive(Debug, Default)]
pub(crate) struct Cuts(u32);

impl Cuts {
    /// Waits before it is asked again; an error when it was asked often enough.
    pub(crate) async fn one_more(&mut self, what: &'static str, source: DeserializeBodyError) -> Result<(), Error> {
        self.0 += 1;
        if self.0 >= TRIES {
            return Err(Error::Answer { what, source });
        }
        tracing::debug!(error = %source, "an answer was cut: {what}");
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}

/// Whether an error may be gone at the next try.
fn may_pass(error: &twilight_http::Error) -> bool {
    match error.kind() {
        ErrorType::RequestTimedOut | ErrorType::RequestError => true,
        // A proxy before Discord answers what is no JSON.
        ErrorType::Parsing { .. } => true,
        ErrorType::Response { status, .. } => status.get() >= 500,
        _ => false,
    }
}
