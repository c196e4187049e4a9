//! Makes a root key and shows its fingerprint as people compare it.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "an example shows something")]

use seal::keys::{Fingerprint, RootKey};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| error.to_string())?;
    let fingerprint = RootKey::from_seed(&seed).fingerprint();

    println!("in full:   {fingerprint}");
    println!("QR code:   {}", fingerprint.compact());
    println!("telephone:");
    let words = fingerprint.words();
    let words: Vec<&str> = words.split(' ').collect();
    for line in words.chunks(8) {
        println!("  {}", line.join(" "));
    }

    let heard: Fingerprint = words.join(" ").to_uppercase().parse()?;
    println!("heard the same: {}", heard == fingerprint);
    Ok(())
}
