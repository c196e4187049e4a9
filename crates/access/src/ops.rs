//! What can be done with users, sessions and keys.

mod answer;
mod authenticate;
mod basic;
mod key;
mod party;
mod password;
mod session;
mod sign_in;
mod user;

pub use answer::{ANSWER_KEPT, Once, begin_once, keep_answer, release_once};
pub use authenticate::{authenticate, authenticate_key};
pub use basic::{Basic, Remembered, authenticate_basic};
pub use key::{
    NewKey, create_key, create_key_for, list_keys, list_keys_of, revoke_key, revoke_key_of,
};
pub use party::{node_party, node_party_in, set_node_party_in};
pub use password::{change_password, issue_code, redeem_code};
pub use session::{SessionChange, change_session, sign_out};
pub use sign_in::{SignIn, sign_in};
pub use user::{
    NewUser, UserChange, change_user, create_user, list_users, people, people_to_name_in,
    people_who_in, read_user, user_in, user_named,
};
