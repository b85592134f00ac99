//! The platform's official description: which routes there are, and whether a query or body is what they take.
//!
//! It lies beside the repository and not in it. Without it this part of the checks does nothing, and says so.
#![expect(clippy::print_stderr, reason = "test support: a part of the checks that is left out must be seen")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Registry, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

const FROM_THIS_CRATE: &str = "../../../shared/discord/openapi.json";
/// What the description is called among schemas.
const NAME: &str = "https://description.invalid/openapi.json";
/// Faults of a body that are told.
const TOLD: usize = 6;

/// Whether the platform's description lies beside the repository, so that requests are checked against it.
#[must_use]
pub fn has_description() -> bool {
    description().is_some()
}

/// The description, read once by a process.
pub(crate) struct Description {
    document: Value,
    registry: Registry<'static>,
    /// Validators by the JSON pointer to their schema: making one takes longer than using it.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// A route of the description.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Path with names in braces.
    pub(crate) template: String,
    pointer: String,
    values: Value,
}

/// The description, or none after a visible line.
pub(crate) fn description() -> Option<&'static Description> {
    static READ: OnceLock<Option<Description>> = OnceLock::new();
    READ.get_or_init(read).as_ref()
}

fn read() -> Option<Description> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FROM_THIS_CRATE);
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("SKIPPED the check of requests against ../shared/discord/openapi.json: it is not there");
        return None;
    };
    match Description::new(&bytes) {
        Ok(description) => Some(description),
        Err(error) => panic!("../shared/discord/openapi.json: {error}"),
    }
}

impl Description {
    fn new(bytes: &[u8]) -> Result<Self, Box<dyn std::error::Error>> {
        let document: Value = serde_json::from_slice(bytes)?;
        let registry = Registry::new().add(NAME, document.clone())?.prepare()?;
        Ok(Self { document, registry, validators: Mutex::default() })
    }

    /// The route of a request; one without names in braces goes first.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<Operation> {
        let paths = self.document["paths"].as_object()?;
        let fits = paths.iter().filter(|(template, _)| fits(template, path));
        let (template, item) = fits.min_by_key(|(template, _)| template.matches('{').count())?;
        let method = method.to_ascii_lowercase();
        let values = item.get(&method)?;
        let pointer = format!("/paths/{}/{method}", escaped(template));
        Some(Operation { template: template.clone(), pointer, values: values.clone() })
    }

    /// What is wrong with the query.
    pub(crate) fn check_query(&self, operation: &Operation, query: &[(String, String)]) -> Vec<String> {
        let parameters = operation.values["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let mut faults = Vec::new();
        for (name, value) in query {
            let known = parameters.iter().position(|one| one["name"] == name.as_str() && one["in"] == "query");
            let Some(index) = known else {
                faults.push(format!("query parameter {name} is not known"));
                continue;
            };
            let pointer = format!("{}/parameters/{index}/schema", operation.pointer);
            let typed = match value.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                number => number.parse::<i64>().map_or_else(|_| json!(number), Value::from),
            };
            // "1" may be meant as a number or as text.
            if !self.faults(&pointer, &typed).is_empty() && !self.faults(&pointer, &json!(value)).is_empty() {
                faults.push(format!("query parameter {name}={value} is not allowed"));
            }
        }
        faults
    }

    /// What is wrong with the body; `kind` is its content type without parameters.
    pub(crate) fn check_body(&self, operation: &Operation, kind: Option<&str>, body: &Value) -> Vec<String> {
        let request = &operation.values["requestBody"];
        match kind {
            None if request["required"] == true => vec!["there must be a body".to_owned()],
            None => Vec::new(),
            Some(_) if request.is_null() => vec!["there must be no body".to_owned()],
            Some(kind) if request["content"][kind].is_null() => vec![format!("a body of type {kind} is not taken")],
            Some(kind) => {
                let pointer = format!("{}/requestBody/content/{}/schema", operation.pointer, escaped(kind));
                self.faults(&pointer, body)
            }
        }
    }

    /// What is wrong with an answer of the fake itself.
    pub(crate) fn check_answer(&self, operation: &Operation, status: u16, body: Option<&Value>) -> Vec<String> {
        let responses = &operation.values["responses"];
        let key = status.to_string();
        if responses[&key].is_null() {
            return if status >= 400 { Vec::new() } else { vec![format!("there is no answer {status}")] };
        }
        let schema = &responses[&key]["content"]["application/json"]["schema"];
        match body {
            Some(body) if !schema.is_null() => {
                let pointer = format!("{}/responses/{key}/content/application~1json/schema", operation.pointer);
                self.faults(&pointer, body)
            }
            Some(_) => vec![format!("answer {status} has no body")],
            None if schema.is_null() => Vec::new(),
            None => vec![format!("answer {status} has a body")],
        }
    }

    /// What is wrong with a value, by the schema at this place of the description.
    fn faults(&self, pointer: &str, value: &Value) -> Vec<String> {
        match self.validator(pointer) {
            Ok(validator) => validator.iter_errors(value).take(TOLD).map(|error| told(&error)).collect(),
            Err(error) => vec![format!("the description's schema {pointer} cannot be used: {error}")],
        }
    }

    fn validator(&self, pointer: &str) -> Result<Arc<Validator>, ValidationError<'static>> {
        let mut known = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(pointer) {
            return Ok(Arc::clone(validator));
        }
        let fragment: String = percent_encoding::utf8_percent_encode(pointer, FRAGMENT).collect();
        let schema = json!({ "$ref": format!("{NAME}#{fragment}") });
        let validator = Arc::new(jsonschema::options().with_registry(&self.registry).build(&schema)?);
        known.insert(pointer.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

/// What a pointer within a URI must not have.
const FRAGMENT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b'{').add(b'}').add(b'%').add(b'"');

/// A fault, with those of the alternative that comes nearest.
fn told(error: &ValidationError<'_>) -> String {
    let at = error.instance_path().to_string();
    let alternatives = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => context,
        _ => return format!("{}: {error}", if at.is_empty() { "/" } else { &at }),
    };
    // The one that was meant is the one whose type fits.
    let strangeness = |errors: &&Vec<ValidationError<'_>>| {
        let is_other = errors.iter().any(|error| error.instance_path().to_string().ends_with("/type"));
        (is_other, errors.len())
    };
    let nearest = alternatives.iter().filter(|errors| !is_null_expected(errors)).min_by_key(strangeness);
    nearest.and_then(|errors| errors.first()).map_or_else(|| format!("{at}: {error}"), told)
}

/// Whether an alternative was "nothing".
fn is_null_expected(errors: &[ValidationError<'_>]) -> bool {
    errors.iter().any(|error| {
        matches!(error.kind(), ValidationErrorKind::Type { .. }) && error.to_string().ends_with("\"null\"")
    })
}

fn fits(template: &str, path: &str) -> bool {
    let (parts, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    parts.len() == path.len()
        && parts.iter().zip(&path).all(|(part, is)| part == is || part.starts_with('{') && !is.is_empty())
}

/// A key within a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(method: &str, path: &str) -> Option<(&'static Description, Operation)> {
        let description = description()?;
        Some((description, description.operation(method, path).unwrap()))
    }

    #[test]
    fn routes_are_found_by_the_one_with_fewest_names() {
        let Some((_, original)) = operation("PATCH", "/webhooks/1/token/messages/@original") else { return };
        assert_eq!(original.template, "/webhooks/{webhook_id}/{webhook_token}/messages/@original");
        let description = description().unwrap();
        assert!(description.operation("GET", "/nowhere").is_none());
        assert!(description.operation("PUT", "/channels/1/typing").is_none());
    }

    #[test]
    fn bodies_are_judged() {
        let Some((description, operation)) = operation("POST", "/channels/1/messages") else { return };
        let check = |body: Value| description.check_body(&operation, Some("application/json"), &body);
        assert_eq!(check(json!({ "content": "hello" })), Vec::<String>::new());
        for (body, place) in [
            (json!({ "content": 7 }), "/content"),
            (json!({ "embeds": [{ "title": "x".repeat(257) }] }), "/embeds/0/title"),
            (json!({ "attachments": [{ "id": 0 }] }), "/attachments/0/id"),
            (json!({ "components": [{ "type": 1, "components": [{ "type": 2, "style": 9 }] }] }), "/components/0"),
            (json!({ "allowed_mentions": { "parse": ["nobody"] } }), "/allowed_mentions"),
        ] {
            let faults = check(body.clone());
            assert!(faults.iter().any(|fault| fault.starts_with(place)), "{body}: {faults:?}");
        }
        assert_eq!(description.check_body(&operation, None, &Value::Null), ["there must be a body"]);
        assert_eq!(
            description.check_body(&operation, Some("text/plain"), &Value::Null),
            ["a body of type text/plain is not taken"]
        );
    }

    #[test]
    fn queries_are_judged() {
        let Some((description, operation)) = operation("GET", "/channels/1/messages") else { return };
        let check =
            |name: &str, value: &str| description.check_query(&operation, &[(name.to_owned(), value.to_owned())]);
        assert!(check("limit", "50").is_empty());
        assert!(check("after", "50").is_empty());
        assert!(!check("limit", "500").is_empty());
        assert!(!check("limitt", "5").is_empty());
    }
}
