//! Words: enums that are written and read as the words that the database and settings hold. It knows no word itself.

use thiserror::Error;

/// A text that is none of the words that are allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{found:?} is no {what}; allowed are {}", allowed.join(", "))]
pub struct UnknownWord {
    /// What was looked for, e.g. `state of a match`.
    pub what: &'static str,
    /// The text.
    pub found: String,
    /// The words.
    pub allowed: Vec<&'static str>,
}

/// Declares an enum whose variants have a word each: it prints as the word, and is read from it.
///
/// ```
/// fullhold_stats_file::words! {
///     /// Half of a match.
///     pub enum Half: "half" {
///         /// R1.
///         First = "first",
///         /// R2.
///         Second = "second",
///     }
/// }
/// assert_eq!(Half::First.to_string(), "first");
/// assert_eq!("second".parse(), Ok(Half::Second));
/// assert_eq!("third".parse::<Half>().unwrap_err().to_string(), r#""third" is no half; allowed are first, second"#);
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $what:literal {
        $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::UnknownWord {
                        what: $what,
                        found: text.to_owned(),
                        allowed: Self::ALL.iter().map(|one| one.name()).collect(),
                    }),
                }
            }
        }

        $crate::stored_as_text!($name, name);
    };
}

/// Nothing: the feature `diesel` is off.
#[cfg(not(feature = "diesel"))]
#[doc(hidden)]
#[macro_export]
macro_rules! stored_as_text {
    ($name:ty, $text:ident) => {};
}

/// A value that both databases keep as text: written by a method, and read by its `FromStr`.
///
/// Spelled out, because Diesel's derives want a dependency on Diesel in the crate that has the type.
#[cfg(feature = "diesel")]
#[doc(hidden)]
#[macro_export]
macro_rules! stored_as_text {
    ($name:ty, $text:ident) => {
        const _: () = {
            use $crate::diesel::backend::Backend;
            use $crate::diesel::deserialize::{self, FromSql, FromStaticSqlRow, Queryable};
            use $crate::diesel::expression::AsExpression;
            use $crate::diesel::internal::derives::as_expression::Bound;
            use $crate::diesel::serialize::{self, Output, ToSql};
            use $crate::diesel::sql_types::{Nullable, Text};

            impl<DB: Backend> ToSql<Text, DB> for $name
            where
                str: ToSql<Text, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    <str as ToSql<Text, DB>>::to_sql(self.$text(), out)
                }
            }

            impl<DB: Backend> ToSql<Nullable<Text>, DB> for $name
            where
                str: ToSql<Text, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    <Self as ToSql<Text, DB>>::to_sql(self, out)
                }
            }

            impl<DB: Backend> FromSql<Text, DB> for $name
            where
                String: FromSql<Text, DB>,
            {
                fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                    Ok(String::from_sql(bytes)?.parse()?)
                }
            }

            impl<DB: Backend, ST> Queryable<ST, DB> for $name
            where
                Self: FromStaticSqlRow<ST, DB>,
            {
                type Row = Self;

                fn build(row: Self) -> deserialize::Result<Self> {
                    Ok(row)
                }
            }

            impl AsExpression<Text> for $name {
                type Expression = Bound<Text, Self>;

                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl AsExpression<Nullable<Text>> for $name {
                type Expression = Bound<Nullable<Text>, Self>;

                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl<'expression> AsExpression<Text> for &'expression $name {
                type Expression = Bound<Text, Self>;

                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }

            impl<'expression> AsExpression<Nullable<Text>> for &'expression $name {
                type Expression = Bound<Nullable<Text>, Self>;

                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
        };
    };
}
