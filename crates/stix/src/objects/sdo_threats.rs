//! The domain objects of STIX 2.1 §4 that tell of attackers and of what they use.

use super::{
    AttackMotivation, AttackResourceLevel, ImplementationLanguage, IndicatorType,
    InfrastructureType, KillChainPhase, MalwareCapability, MalwareResult, MalwareType, PatternType,
    ProcessorArchitecture, ThreatActorRole, ThreatActorSophistication, ThreatActorType, ToolType,
    rules,
};
use crate::{
    Id,
    schema::{List, Rule, Time, object},
};

object! {
    /// A way in which adversaries try to compromise targets (STIX 2.1 §4.1).
    AttackPattern "attack-pattern", "4.1", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is, how it works, what it aims at.
            description: String,
            /// What others call it.
            aliases: List<String>,
            /// The phases of an attack that it serves.
            kill_chain_phases: List<KillChainPhase>,
        }
    }
}

object! {
    /// Malicious activities over a time against a set of targets (STIX 2.1 §4.2).
    Campaign "campaign", "4.2", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is and what marks it.
            description: String,
            /// What others call it.
            aliases: List<String>,
            /// When it was first seen, by anybody.
            first_seen: Time,
            /// When it was last seen, by anybody.
            last_seen: Time,
            /// What it is to bring about.
            objective: String,
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen")]
}

object! {
    /// A pattern that finds suspicious or malicious activity (STIX 2.1 §4.7).
    Indicator "indicator", "4.7", Domain {
        required {
            /// The pattern, in the language that `pattern_type` names.
            pattern: String,
            /// The language of the pattern.
            pattern_type: PatternType,
            /// From when on the pattern tells something.
            valid_from: Time,
        }
        optional {
            /// What it is called.
            name: String,
            /// What it is and what a match means.
            description: String,
            /// What a match tells of.
            indicator_types: List<IndicatorType>,
            /// The version of the pattern's language.
            pattern_version: String,
            /// From when on the pattern tells nothing any longer.
            valid_until: Time,
            /// The phases of an attack in which it matches.
            kill_chain_phases: List<KillChainPhase>,
        }
    }
    rules [Rule::After("valid_from", "valid_until"), Rule::Code(rules::indicator)]
}

object! {
    /// Systems, software and services that serve some purpose (STIX 2.1 §4.8).
    Infrastructure "infrastructure", "4.8", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is, what it is for and who runs it.
            description: String,
            /// What it is for.
            infrastructure_types: List<InfrastructureType>,
            /// What others call it.
            aliases: List<String>,
            /// The phases of an attack that it serves.
            kill_chain_phases: List<KillChainPhase>,
            /// When it was first seen at malicious work.
            first_seen: Time,
            /// When it was last seen at malicious work.
            last_seen: Time,
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen")]
}

object! {
    /// Activities and means that are thought to be one organisation's (STIX 2.1 §4.9).
    IntrusionSet "intrusion-set", "4.9", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is and what marks it.
            description: String,
            /// What others call it.
            aliases: List<String>,
            /// When it was first seen, by anybody.
            first_seen: Time,
            /// When it was last seen, by anybody.
            last_seen: Time,
            /// What it is to bring about.
            goals: List<String>,
            /// What those behind it have at hand.
            resource_level: AttackResourceLevel,
            /// What moves those behind it most.
            primary_motivation: AttackMotivation,
            /// What else moves them.
            secondary_motivations: List<AttackMotivation>,
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen")]
}

object! {
    /// Malicious code: one instance or a family (STIX 2.1 §4.11).
    Malware "malware", "4.11", Domain {
        required {
            /// Whether it is a family of malware, and not one instance.
            is_family: bool,
        }
        optional {
            /// What it is called; a family always has a name.
            name: String,
            /// What it is and what marks it.
            description: String,
            /// What kind of malware it is.
            malware_types: List<MalwareType>,
            /// What others call it.
            aliases: List<String>,
            /// The phases of an attack that it serves.
            kill_chain_phases: List<KillChainPhase>,
            /// When it was first seen, by anybody.
            first_seen: Time,
            /// When it was last seen, by anybody.
            last_seen: Time,
            /// The operating systems that it runs on.
            operating_system_refs: List<Id> => ["software"],
            /// The processors that it runs on.
            architecture_execution_envs: List<ProcessorArchitecture>,
            /// What it is written in.
            implementation_languages: List<ImplementationLanguage>,
            /// What it can do.
            capabilities: List<MalwareCapability>,
            /// Samples of it.
            sample_refs: List<Id> => ["artifact", "file"],
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen"), Rule::Code(rules::malware)]
}

object! {
    /// What one analysis of malware came to (STIX 2.1 §4.12).
    MalwareAnalysis "malware-analysis", "4.12", Domain {
        required {
            /// The analysis software.
            product: String,
        }
        optional {
            /// The version of the software.
            version: String,
            /// The virtual machine that the malware ran in.
            host_vm_ref: Id => ["software"],
            /// The operating system that the malware ran on.
            operating_system_ref: Id => ["software"],
            /// What else was installed there.
            installed_software_refs: List<Id> => ["software"],
            /// The version of the software's configuration.
            configuration_version: String,
            /// The modules of the software that took part.
            modules: List<String>,
            /// The version of its engine.
            analysis_engine_version: String,
            /// The version of its definitions.
            analysis_definition_version: String,
            /// When the malware was handed in.
            submitted: Time,
            /// When the analysis began.
            analysis_started: Time,
            /// When the analysis ended.
            analysis_ended: Time,
            /// What the software calls its result.
            result_name: String,
            /// The result.
            result: MalwareResult,
            /// What was found in the course of it.
            analysis_sco_refs: List<Id> => ["sco"],
            /// What was analysed.
            sample_ref: Id => ["artifact", "file", "network-traffic"],
        }
    }
    rules [
        Rule::AtLeastOne(&["result", "analysis_sco_refs"]),
        Rule::Code(rules::malware_analysis),
    ]
}

object! {
    /// People or groups believed to act with ill intent (STIX 2.1 §4.17).
    ThreatActor "threat-actor", "4.17", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// Who it is and what marks it.
            description: String,
            /// What kind of actor it is.
            threat_actor_types: List<ThreatActorType>,
            /// What others call it.
            aliases: List<String>,
            /// When it was first seen, by anybody.
            first_seen: Time,
            /// When it was last seen, by anybody.
            last_seen: Time,
            /// What parts it plays.
            roles: List<ThreatActorRole>,
            /// What it wants to bring about.
            goals: List<String>,
            /// How skilled it is.
            sophistication: ThreatActorSophistication,
            /// What it has at hand.
            resource_level: AttackResourceLevel,
            /// What moves it most.
            primary_motivation: AttackMotivation,
            /// What else moves it.
            secondary_motivations: List<AttackMotivation>,
            /// What moves it whatever its organisation wants.
            personal_motivations: List<AttackMotivation>,
        }
    }
    rules [Rule::NotBefore("first_seen", "last_seen")]
}

object! {
    /// Legitimate software that attackers use (STIX 2.1 §4.18).
    Tool "tool", "4.18", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is and what marks it.
            description: String,
            /// What it does.
            tool_types: List<ToolType>,
            /// What others call it.
            aliases: List<String>,
            /// The phases of an attack that it serves.
            kill_chain_phases: List<KillChainPhase>,
            /// Its version.
            tool_version: String,
        }
    }
}

object! {
    /// A flaw that an attacker can use (STIX 2.1 §4.19).
    Vulnerability "vulnerability", "4.19", Domain {
        required {
            /// What it is called.
            name: String,
        }
        optional {
            /// What it is and what marks it.
            description: String,
        }
    }
}
