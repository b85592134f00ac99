//! The page: a small HTTP server.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use fullhold_fake_discord::{Channel, Person, Shown};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;

use crate::place::{Deed, Place};
use crate::show::view;

const PAGE: &str = include_str!("page.html");

/// A form that somebody has before them.
type Forms = Mutex<HashMap<u64, Shown>>;

pub(crate) async fn serve(place: Place, listener: TcpListener) {
    let (place, forms) = (Arc::new(place), Arc::new(Forms::default()));
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (place, forms) = (Arc::clone(&place), Arc::clone(&forms));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (place, forms) = (Arc::clone(&place), Arc::clone(&forms));
                async move { answer(&place, &forms, request).await }
            });
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answer(
    place: &Arc<Place>,
    forms: &Arc<Forms>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let text = String::from_utf8_lossy(if head.method == "POST" {
        &body
    } else {
        head.uri.query().unwrap_or_default().as_bytes()
    })
    .into_owned();
    let said = fields(&text);
    let get = |key: &str| said.get(key).map_or("", String::as_str);
    let index = |key: &str| get(key).parse::<usize>().unwrap_or_default();
    let (_, person) = &place.people[index("person").min(place.people.len() - 1)];
    let (_, channel) = &place.channels[index("channel").min(place.channels.len() - 1)];
    let answer = match head.uri.path() {
        "/" => PAGE.to_owned(),
        "/view" => {
            let form = forms.lock().unwrap_or_else(PoisonError::into_inner).get(&person.id()).cloned();
            view(place, person, channel, form.as_ref())
        }
        "/act" => {
            let deed =
                Deed { what: get("what"), message: get("message").parse().unwrap_or_default(), text: get("text") };
            act(place, forms, (person, channel), &deed)
        }
        _ => String::new(),
    };
    let built = hyper::Response::builder().header("content-type", "text/html; charset=utf-8");
    Ok(built.body(Full::new(Bytes::from(answer))).unwrap_or_default())
}

/// Does what somebody wants, and says what is wrong with it.
fn act(place: &Arc<Place>, forms: &Arc<Forms>, who: (&Person, &Channel), deed: &Deed<'_>) -> String {
    let (person, channel) = who;
    let form = forms.lock().unwrap_or_else(PoisonError::into_inner).remove(&person.id());
    // What Discord's client would not let people do is a panic for tests; here it is told.
    let done = catch_unwind(AssertUnwindSafe(|| place.act(person, channel, deed, form.as_ref())));
    match done {
        Ok(Ok(Some(asked))) => {
            let (forms, person) = (Arc::clone(forms), person.id());
            tokio::spawn(async move {
                let shown = asked.answer().await;
                if shown.modal().is_some() {
                    forms.lock().unwrap_or_else(PoisonError::into_inner).insert(person, shown);
                }
            });
            String::new()
        }
        Ok(Ok(None)) => String::new(),
        Ok(Err(why)) => why,
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "this cannot be done".to_owned()),
    }
}

fn fields(text: &str) -> HashMap<String, String> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (decoded(key), decoded(value))).collect()
}
