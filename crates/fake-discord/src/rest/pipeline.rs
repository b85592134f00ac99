//! The way of a request: noted, in trouble or not, judged, counted, answered.

use serde_json::{Value, json};

use super::buckets::{Filling, TooMany};
use super::{Answer, Call, Refusal, find};
use crate::description::description;
use crate::options::Options;
use crate::state::{Request, State};
use crate::trouble::Kind;

/// An answer with what is said about rate limits.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) answer: Answer,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// Notes a request, and says which trouble it meets.
pub(super) fn arrived(state: &mut State, call: &Call) -> (usize, Option<Kind>) {
    let operation = description().and_then(|known| known.operation(&call.method, &call.path));
    let route = operation.map(|operation| operation.template);
    let route = route.or_else(|| find(&call.method, &call.path).map(|(route, _)| route.template.to_owned()));
    let at = state.now();
    state.requests.push(Request {
        method: call.method.clone(),
        path: call.path.clone(),
        route: route.unwrap_or_default(),
        status: None,
        code: None,
        body: call.body.clone(),
        files: call.uploads.iter().map(|upload| upload.name.clone()).collect(),
        at,
    });
    let trouble = state.troubles.iter().find_map(|rule| rule.strike(&call.method, &call.path));
    (state.requests.len() - 1, trouble)
}

/// The answer of a trouble that does nothing.
pub(super) fn troubled(call: &Call, kind: Kind) -> Option<Response> {
    let route = find(&call.method, &call.path).map_or("", |(route, _)| route.template);
    match kind {
        Kind::Status(status) => {
            let body = json!({ "code": 0, "message": format!("{status}: trouble on demand") });
            Some(Response { answer: Answer { status, body: Some(body) }, headers: Vec::new() })
        }
        Kind::RateLimited { retry_after, is_global: true } => Some(limited(&TooMany::Global(retry_after))),
        Kind::RateLimited { retry_after, is_global: false } => {
            let filling =
                Filling { name: format!("trouble-{}", route.len()), limit: 5, remaining: 0, reset_after: retry_after };
            Some(limited(&TooMany::Bucket(filling)))
        }
        Kind::Banned => {
            let body = json!({ "message": "You are being blocked from accessing our API temporarily" });
            Some(Response { answer: Answer { status: 429, body: Some(body) }, headers: Vec::new() })
        }
        Kind::Slow(_) | Kind::Truncated | Kind::AnswerLost | Kind::Outage => None,
    }
}

/// Judges a request and does what it asks for.
pub(super) fn answered(state: &mut State, options: &Options, call: &Call) -> Response {
    let faults = judge(call);
    let name = format!("{} {}", call.method, call.path);
    for fault in &faults {
        state.violate(format!("{name}: {fault}"));
    }
    let Some((route, names)) = find(&call.method, &call.path) else {
        if faults.is_empty() {
            state.violate(format!("{name}: the fake does not know this route; add it, or do not use it"));
        }
        return refused(&Refusal::new(404, 0, "404: Not Found"), Vec::new());
    };
    if !route.is_open && call.authorization.as_deref() != Some(&format!("Bot {}", options.token)) {
        return refused(&Refusal::new(401, 0, "401: Unauthorized"), Vec::new());
    }
    let place = if route.template.contains("/applications/") { "" } else { names.first().copied().unwrap_or_default() };
    let bucket = format!("{} {}", route.method, route.template);
    let now = state.now();
    let filling = match state.buckets.count(&bucket, place, options.rate_limits, now) {
        Ok(filling) => filling,
        Err(too_many) => return limited(&too_many),
    };
    let headers = bucket_headers(&filling);
    if !faults.is_empty() {
        return refused(&Refusal::new(400, 50_035, "Invalid Form Body"), headers);
    }
    match (route.handler)(state, call, &names) {
        Ok(answer) => {
            check_itself(state, options, call, &answer);
            Response { answer, headers }
        }
        Err(refusal) => {
            if let Some(violation) = &refusal.violation {
                state.violate(format!("{name}: {violation} ({} {})", refusal.code, refusal.message));
            }
            refused(&refusal, headers)
        }
    }
}

/// What is wrong with a request by its form and by the description.
fn judge(call: &Call) -> Vec<String> {
    let mut faults = call.faults.clone();
    if !call.agent.starts_with("DiscordBot (") {
        faults.push(format!("User-Agent \"{}\" is not \"DiscordBot (address, version)\"", call.agent));
    }
    if !faults.is_empty() {
        return faults;
    }
    let Some(description) = description() else { return faults };
    let Some(operation) = description.operation(&call.method, &call.path) else {
        return vec!["the description has no such route".to_owned()];
    };
    faults.extend(description.check_query(&operation, &call.query));
    faults.extend(description.check_body(&operation, call.kind.as_deref(), &call.body));
    faults
}

fn check_itself(state: &mut State, options: &Options, call: &Call, answer: &Answer) {
    let Some(description) = description().filter(|_| options.checks_itself) else { return };
    let Some(operation) = description.operation(&call.method, &call.path) else { return };
    for fault in description.check_answer(&operation, answer.status, answer.body.as_ref()) {
        state.violate(format!("the fake's own answer to {} {}: {fault}", call.method, call.path));
    }
}

fn refused(refusal: &Refusal, headers: Vec<(&'static str, String)>) -> Response {
    Response { answer: refusal.answer(), headers }
}

fn bucket_headers(filling: &Filling) -> Vec<(&'static str, String)> {
    let after = filling.reset_after.as_secs_f64();
    vec![
        ("x-ratelimit-limit", filling.limit.to_string()),
        ("x-ratelimit-remaining", filling.remaining.to_string()),
        ("x-ratelimit-reset-after", format!("{after:.3}")),
        ("x-ratelimit-bucket", filling.name.clone()),
    ]
}

/// An answer 429, with the headers that Discord sends.
fn limited(too_many: &TooMany) -> Response {
    let (retry_after, is_global) = match too_many {
        TooMany::Bucket(filling) => (filling.reset_after, false),
        TooMany::Global(after) => (*after, true),
    };
    let mut headers = match too_many {
        TooMany::Bucket(filling) => bucket_headers(filling),
        TooMany::Global(_) => vec![("x-ratelimit-global", "true".to_owned())],
    };
    headers.push(("x-ratelimit-scope", if is_global { "global" } else { "user" }.to_owned()));
    headers.push(("retry-after", retry_after.as_secs_f64().ceil().to_string()));
    let body = json!({
        "message": "You are being rate limited.", "retry_after": retry_after.as_secs_f64(), "global": is_global, "code": 0,
    });
    Response { answer: Answer { status: 429, body: Some(body) }, headers }
}

/// Notes how a request ended.
pub(super) fn ended(state: &mut State, index: usize, response: Option<&Response>) {
    let Some(request) = state.requests.get_mut(index) else { return };
    request.status = response.map(|response| response.answer.status);
    let body = response.and_then(|response| response.answer.body.as_ref());
    request.code =
        body.filter(|_| request.status.is_some_and(|status| status >= 400)).and_then(|body| body["code"].as_u64());
}

/// Notes that the bot does not know that its first answer arrived: it may try again.
pub(super) fn untold(state: &mut State, call: &Call) {
    let Some(id) = call.path.strip_prefix("/interactions/").and_then(|rest| rest.split('/').next()) else { return };
    let interaction = id.parse().ok().and_then(|id: u64| state.world.interactions.get_mut(&id));
    if let Some(acknowledged) = interaction.and_then(|interaction| interaction.acknowledged.as_mut()) {
        acknowledged.is_told = false;
    }
}

/// Half of an answer.
pub(super) fn half(body: &Value) -> String {
    let text = body.to_string();
    text.chars().take(text.chars().count() / 2).collect()
}
