//! What depends on what is hit, directly and through others.

use std::collections::{HashMap, HashSet, VecDeque};

use kernel::{IncidentRef, InfrastructureId};

use crate::model::{Record, Service, Strength};

/// A service that is reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reached {
    /// The service.
    pub service: InfrastructureId,
    /// Through how many others: 0 for what is hit itself, 1 for what depends on that.
    pub depth: usize,
    /// True if each step on some way there needs the one before it to go on.
    pub fails: bool,
    /// After how many hours at the earliest, where each step of some such way says so.
    pub hours: Option<u32>,
}

/// One service that needs another, both of which are reached.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Needs {
    /// The one that needs.
    pub service: InfrastructureId,
    /// The other one.
    pub on: InfrastructureId,
    /// How much.
    pub strength: Strength,
}

/// What is reached by what is hit, what is hit first, then by steps; and all needs among them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reach {
    /// The services.
    pub services: Vec<Reached>,
    /// Who needs whom.
    pub needs: Vec<Needs>,
}

/// What needs a service, each with how much, and after how many hours it feels it.
type Dependents = HashMap<InfrastructureId, Vec<(InfrastructureId, Strength, Option<u32>)>>;

/// The services that an incident hit.
pub fn hit_by(records: &[Record], incident: IncidentRef) -> Vec<InfrastructureId> {
    services(records)
        .filter(|(_, service)| service.incidents.contains(&incident))
        .map(|(id, _)| id)
        .collect()
}

fn services(records: &[Record]) -> impl Iterator<Item = (InfrastructureId, &Service)> {
    let service = |record: &'_ Record| record.id;
    records
        .iter()
        .filter_map(move |record| Some((service(record), record.content.service()?)))
}

/// Everything that depends on these services. A circle is gone round once.
pub fn reach(records: &[Record], hit: &[InfrastructureId]) -> Reach {
    let mut dependents = Dependents::new();
    for (id, service) in services(records) {
        for dependency in &service.depends {
            if let Some(on) = dependency.service {
                let those = dependents.entry(on).or_default();
                those.push((id, dependency.strength, dependency.hours));
            }
        }
    }
    let known: HashSet<InfrastructureId> = services(records).map(|(id, _)| id).collect();
    let mut order = Vec::new();
    let mut depth: HashMap<InfrastructureId, usize> = HashMap::new();
    let mut waiting: VecDeque<InfrastructureId> = VecDeque::new();
    for id in hit.iter().filter(|id| known.contains(id)) {
        if depth.insert(*id, 0).is_none() {
            waiting.push_back(*id);
        }
    }
    while let Some(id) = waiting.pop_front() {
        let here = depth.get(&id).copied().unwrap_or_default();
        order.push(id);
        for (next, ..) in dependents.get(&id).into_iter().flatten() {
            if !depth.contains_key(next) {
                depth.insert(*next, here + 1);
                waiting.push_back(*next);
            }
        }
    }
    let failing = failing(&order, &depth, &dependents);
    let reached = |id: &InfrastructureId| Reached {
        service: *id,
        depth: depth.get(id).copied().unwrap_or_default(),
        fails: failing.contains_key(id),
        hours: failing.get(id).copied().flatten(),
    };
    let needs = order.iter().flat_map(|on| {
        let those = dependents.get(on).into_iter().flatten();
        those.map(|(service, strength, _)| Needs {
            service: *service,
            on: *on,
            strength: *strength,
        })
    });
    Reach {
        services: order.iter().map(reached).collect(),
        needs: needs.collect(),
    }
}

/// What fails and does not only go on worse, and after how many hours at the earliest; nothing for the
/// hours where some step does not say.
fn failing(
    order: &[InfrastructureId],
    depth: &HashMap<InfrastructureId, usize>,
    dependents: &Dependents,
) -> HashMap<InfrastructureId, Option<u32>> {
    let mut found: HashMap<InfrastructureId, Option<u32>> = HashMap::new();
    let mut waiting: VecDeque<InfrastructureId> = VecDeque::new();
    for id in order.iter().filter(|id| depth.get(id) == Some(&0)) {
        found.insert(*id, Some(0));
        waiting.push_back(*id);
    }
    // Each time a service is looked at again its hours have become fewer, or known: that ends.
    while let Some(id) = waiting.pop_front() {
        let before = found.get(&id).copied().flatten();
        for (next, strength, hours) in dependents.get(&id).into_iter().flatten() {
            if *strength == Strength::Partial {
                continue;
            }
            let after = before
                .zip(*hours)
                .map(|(sum, more)| sum.saturating_add(more));
            let is_better = match found.get(next) {
                None => true,
                Some(None) => after.is_some(),
                Some(Some(known)) => after.is_some_and(|after| after < *known),
            };
            if is_better {
                found.insert(*next, after);
                waiting.push_back(*next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::{Assessment, Category, Content, Dependency};

    fn id(number: usize) -> InfrastructureId {
        InfrastructureId::from_uuid(Uuid::from_u128(u128::try_from(number).unwrap() + 1))
    }

    /// Services by number, each with what it needs: number, whether it fails without, hours.
    fn register(needs: &[Vec<(usize, bool, Option<u32>)>]) -> Vec<Record> {
        let depends = |all: &Vec<(usize, bool, Option<u32>)>| {
            let one = |&(on, total, hours): &(usize, bool, Option<u32>)| Dependency {
                service: Some(id(on)),
                strength: if total {
                    Strength::Total
                } else {
                    Strength::Partial
                },
                hours,
                ..Dependency::default()
            };
            all.iter().map(one).collect()
        };
        let record = |(number, all)| Record {
            id: id(number),
            version: 1,
            updated_at: Timestamp::from_micros(0),
            content: Content::Service(Service {
                name: format!("s{number}"),
                operator: id(999),
                sector: String::new(),
                category: Category::default(),
                serves: Vec::new(),
                note: String::new(),
                contacts: Vec::new(),
                depends: depends(all),
                assessment: Assessment::default(),
                incidents: Vec::new(),
            }),
        };
        needs.iter().enumerate().map(record).collect()
    }

    fn drawn(reach: &Reach) -> Vec<(usize, usize, bool, Option<u32>)> {
        let number = |id: InfrastructureId| usize::try_from(id.uuid().as_u128()).unwrap() - 1;
        let one = |one: &Reached| (number(one.service), one.depth, one.fails, one.hours);
        reach.services.iter().map(one).collect()
    }

    #[test]
    fn what_depends_is_reached_through_others_and_round_circles() {
        // 1 needs 0; 2 needs 1, a little; 3 needs 2; 0 needs 3: a circle; 4 stands apart.
        let records = register(&[
            vec![(3, true, None)],
            vec![(0, true, Some(4))],
            vec![(1, false, None)],
            vec![(2, true, Some(1))],
            vec![],
        ]);
        let reach = reach(&records, &[id(0)]);
        assert_eq!(
            drawn(&reach),
            [
                (0, 0, true, Some(0)),
                (1, 1, true, Some(4)),
                (2, 2, false, None),
                (3, 3, false, None),
            ]
        );
        assert_eq!(reach.needs.len(), 4);
    }

    #[test]
    fn the_earliest_of_several_ways_counts() {
        let records = register(&[
            vec![],
            vec![(0, true, Some(10))],
            vec![(1, true, Some(1)), (0, true, Some(48))],
            vec![(0, true, None), (2, true, Some(2))],
        ]);
        let found = drawn(&reach(&records, &[id(0)]));
        assert_eq!(found[2], (2, 1, true, Some(11)));
        assert_eq!(found[3], (3, 1, true, Some(13)));
        assert_eq!(drawn(&reach(&records, &[id(77)])), []);
    }

    proptest! {
        #[test]
        fn every_register_is_gone_through_once(
            needs in proptest::collection::vec(
                proptest::collection::vec((0_usize..12, any::<bool>(), proptest::option::of(0_u32..99)), 0..5),
                1..12,
            ),
            hit in 0_usize..12,
        ) {
            let records = register(&needs);
            let reach = reach(&records, &[id(hit)]);
            let ids: HashSet<_> = reach.services.iter().map(|one| one.service).collect();
            prop_assert_eq!(ids.len(), reach.services.len());
            prop_assert!(reach.services.is_sorted_by_key(|one| one.depth));
            // What needs something that is reached is reached.
            for (number, all) in needs.iter().enumerate() {
                if all.iter().any(|(on, ..)| ids.contains(&id(*on))) {
                    prop_assert!(ids.contains(&id(number)));
                }
            }
            for need in &reach.needs {
                prop_assert!(ids.contains(&need.service) && ids.contains(&need.on));
            }
        }
    }
}
