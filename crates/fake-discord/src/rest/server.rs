//! HTTP on loopback.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::call::Call;
use super::pipeline::{Response, answered, arrived, ended, half, troubled, untold};
use crate::state::Shared;
use crate::trouble::Kind;

/// The connection is cut instead of an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut on demand")
    }
}

impl std::error::Error for Cut {}

type Sent = hyper::Response<Full<Bytes>>;

/// Answers requests until it is dropped.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        connections.spawn(connection(Arc::clone(&shared), stream));
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { request_of(shared, request).await }
    });
    // A connection that ends badly was cut on purpose, or by the bot.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}

async fn request_of(shared: Arc<Shared>, request: hyper::Request<Incoming>) -> Result<Sent, Cut> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Err(Cut) };
    let bytes = body.to_bytes();
    if head.uri.path().starts_with("/files/") {
        return Ok(file(&shared, head.uri.path()));
    }
    let call = Call::read(head.method.as_str(), &head.uri, &head.headers, &bytes);
    let (index, trouble) = shared.change(|state| arrived(state, &call));
    if trouble == Some(Kind::Outage) {
        return Err(Cut);
    }
    if let Some(response) = trouble.and_then(|kind| troubled(&call, kind)) {
        shared.change(|state| ended(state, index, Some(&response)));
        return Ok(sent(&response, false));
    }
    let response = shared.change(|state| {
        let response = answered(state, &shared.options, &call);
        let is_lost = trouble == Some(Kind::AnswerLost);
        if is_lost {
            untold(state, &call);
        }
        ended(state, index, Some(&response).filter(|_| !is_lost));
        response
    });
    match trouble {
        Some(Kind::AnswerLost) => Err(Cut),
        Some(Kind::Slow(time)) => Ok(slow(&shared, &call, &response, time).await),
        trouble => Ok(sent(&response, trouble == Some(Kind::Truncated))),
    }
}

/// Answers later. If nobody waits for the answer any more, the bot does not know what was done.
async fn slow(shared: &Shared, call: &Call, response: &Response, time: Duration) -> Sent {
    /// Says so when it is dropped before its time.
    struct Waited<'a>(&'a Shared, &'a Call, bool);
    impl Drop for Waited<'_> {
        fn drop(&mut self) {
            if !self.2 {
                self.0.change(|state| untold(state, self.1));
            }
        }
    }
    let mut waited = Waited(shared, call, false);
    tokio::time::sleep(time).await;
    waited.2 = true;
    sent(response, false)
}

fn sent(response: &Response, is_cut_short: bool) -> Sent {
    let Response { answer, headers } = response;
    let text = match &answer.body {
        Some(body) if is_cut_short => half(body),
        Some(body) => body.to_string(),
        None => String::new(),
    };
    let mut built = hyper::Response::builder().status(answer.status);
    if answer.body.is_some() {
        built = built.header("content-type", "application/json");
    }
    for (name, value) in headers {
        built = built.header(*name, value);
    }
    built.body(Full::new(Bytes::from(text))).unwrap_or_default()
}

/// A file of a message, for the page and for whoever follows its address.
fn file(shared: &Shared, path: &str) -> Sent {
    let mut numbers = path.trim_start_matches("/files/").split('/').map(|part| part.parse::<u64>().unwrap_or_default());
    let (message, file) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let bytes = shared.look(|state| {
        let message = state.world.messages.get(&message)?;
        message.files.iter().find(|one| one.id == file).map(|one| one.bytes.to_vec())
    });
    let status = if bytes.is_some() { 200 } else { 404 };
    let body = Full::new(Bytes::from(bytes.unwrap_or_default()));
    hyper::Response::builder().status(status).body(body).unwrap_or_default()
}
