//! What `cargo metadata` says, as far as the checks need it.

use std::error::Error;

use serde_json::Value;

use crate::process::cargo;

/// A package.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The SPDX expression.
    pub(crate) license: Option<String>,
    /// None for our own packages.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency as a manifest declares it.
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Whether only tests see it.
    pub(crate) dev: bool,
}

/// Our own packages; works without a network.
pub(crate) fn ours() -> Result<Vec<Package>, Box<dyn Error>> {
    read(&["--no-deps"])
}

/// Every package of the lock file, which must be up to date.
pub(crate) fn all() -> Result<Vec<Package>, Box<dyn Error>> {
    read(&["--locked"])
}

fn read(arguments: &[&str]) -> Result<Vec<Package>, Box<dyn Error>> {
    let output = cargo().args(["metadata", "--format-version=1"]).args(arguments).output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let document: Value = serde_json::from_slice(&output.stdout)?;
    Ok(items(&document, "packages").map(package).collect())
}

fn package(value: &Value) -> Package {
    Package {
        name: text(value, "name").unwrap_or_default(),
        version: text(value, "version").unwrap_or_default(),
        license: text(value, "license"),
        source: text(value, "source"),
        dependencies: items(value, "dependencies")
            .map(|dependency| Dependency {
                name: text(dependency, "name").unwrap_or_default(),
                dev: text(dependency, "kind").as_deref() == Some("dev"),
            })
            .collect(),
    }
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}
