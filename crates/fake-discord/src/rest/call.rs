//! A request as it came.

use std::sync::Arc;

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::multipart::parts;

/// Where the routes begin.
const BASE: &str = "/api/v10";

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// Without `/api/v10` and the query.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// The content type without its parameters.
    pub(crate) kind: Option<String>,
    pub(crate) body: Value,
    pub(crate) uploads: Vec<Upload>,
    /// What stands in the header Authorization.
    pub(crate) authorization: Option<String>,
    pub(crate) agent: String,
    /// What is wrong with its form.
    pub(crate) faults: Vec<String>,
}

/// A file that is sent along.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// The n of `files[n]`.
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) bytes: Arc<[u8]>,
}

impl Call {
    pub(super) fn read(method: &str, uri: &hyper::Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut call = Self {
            method: method.to_owned(),
            path: uri.path().strip_prefix(BASE).unwrap_or_default().to_owned(),
            query: query(uri.query().unwrap_or_default()),
            authorization: text(AUTHORIZATION),
            agent: text(USER_AGENT).unwrap_or_default(),
            ..Self::default()
        };
        if call.path.is_empty() {
            call.faults.push(format!("{} is not below {BASE}", uri.path()));
            uri.path().clone_into(&mut call.path);
        }
        if !body.is_empty() {
            call.read_body(&text(CONTENT_TYPE).unwrap_or_default(), body);
        }
        call
    }

    fn read_body(&mut self, content_type: &str, body: &[u8]) {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_owned();
        let json = if kind == "multipart/form-data" {
            match parts(body, content_type) {
                Ok((json, uploads)) => {
                    self.uploads = uploads;
                    json
                }
                Err(fault) => return self.faults.push(fault),
            }
        } else {
            body.to_vec()
        };
        self.kind = Some(kind);
        match serde_json::from_slice(&json) {
            Ok(value) => self.body = value,
            Err(error) => self.faults.push(format!("the body is no JSON: {error}")),
        }
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn query(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

/// Text with its percent signs resolved.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
