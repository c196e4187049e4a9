//! SQLite and PostgreSQL behind one SQL text: engines, transactions, migrations, search tokens.
#![forbid(unsafe_code)]
