//! Builds again when a migration is added: the embedding macro alone does not notice new files.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
