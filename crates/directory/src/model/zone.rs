//! What the clocks show where a contact sits.

use jiff::{Zoned, tz::TimeZone};
use kernel::Timestamp;

use super::Zone;

impl Zone {
    /// Whether this program's table has the zone. The table is inside the program; where the machine
    /// has a newer one of its own, that one is asked first.
    pub fn is_known(&self) -> bool {
        TimeZone::get(self.as_str()).is_ok()
    }

    /// The date and time of day there; nothing where the table does not know the zone.
    pub fn local(&self, at: Timestamp) -> Option<Zoned> {
        let zone = TimeZone::get(self.as_str()).ok()?;
        Some(at.to_jiff().to_zoned(zone))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::*;

    /// 2026-11-21T10:00:00Z.
    const NOW: Timestamp = Timestamp::from_micros(1_795_255_200_000_000);

    fn clock(zone: &str, at: Timestamp) -> String {
        let zone: Zone = zone.parse().unwrap();
        zone.local(at).unwrap().strftime("%H:%M %:z").to_string()
    }

    #[test]
    fn the_table_of_zones_is_inside_the_program() {
        let inside = TimeZoneDatabase::bundled();
        for zone in [
            "Europe/Paris",
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "Africa/Nairobi",
        ] {
            assert!(inside.get(zone).is_ok(), "{zone}");
        }
        assert!(inside.available().count() > 400);
    }

    #[test]
    fn a_desk_has_the_time_of_its_place() {
        assert_eq!(clock("Europe/Paris", NOW), "11:00 +01:00");
        assert_eq!(clock("Asia/Kathmandu", NOW), "15:45 +05:45");
        assert_eq!(clock("UTC", NOW), "10:00 +00:00");
        let july = NOW.plus(std::time::Duration::from_hours(24 * 240));
        assert_eq!(clock("Europe/Paris", july), "12:00 +02:00");
    }

    #[test]
    fn a_zone_that_nobody_knows_has_no_time() {
        let zone: Zone = "Atlantis/Poseidonis".parse().unwrap();
        assert!(!zone.is_known());
        assert_eq!(zone.local(NOW), None);
    }
}
