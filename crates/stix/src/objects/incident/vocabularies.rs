//! The vocabularies of the Incident Core extension.

use crate::schema::vocabulary;

vocabulary! {
    /// What was damaged (Incident Core 2.0 §4.1).
    open AssetType "asset-type-ov" {
        BuildingDoors "building-doors", BuildingWindows "building-windows", Buildings "buildings",
        ComputersMobile "computers-mobile", ComputersPersonal "computers-personal",
        ComputersServer "computers-server", Environment "environment", IcsActuator "ics-actuator",
        IcsEngineeringWorkstation "ics-engineering-workstation", IcsHistorian "ics-historian",
        IcsHmi "ics-hmi", IcsOther "ics-other", IcsPlc "ics-plc",
        IcsSafetySystem "ics-safety-system", IcsSensor "ics-sensor", Inventory "inventory",
        NetworkDevice "network-device", PrivateInfrastructure "private-infrastructure",
        PublicInfrastructure "public-infrastructure", SecurityContainers "security-containers",
        Vehicles "vehicles",
    }
}

vocabulary! {
    /// What noticed an incident (Incident Core 2.0 §4.2).
    open DetectionMethod "detection-methods-ov" {
        AutomatedTool "automated-tool", CommercialSolution "commercial-solution",
        ExternalNotification "external-notification", HumanReview "human-review",
        MessageFromAttacker "message-from-attacker", ProprietarySolution "proprietary-solution",
        SystemOutage "system-outage", UserReporting "user-reporting",
    }
}

vocabulary! {
    /// What happened (Incident Core 2.0 §4.4).
    open EventType "event-type-ov" {
        AggregationInformationPhishingSchemes "aggregation-information-phishing-schemes",
        Benign "benign", Blocked "blocked", BruteForceAttempt "brute-force-attempt",
        CommandAndControlServerHosting "c&c-server-hosting", CompromisedSystem "compromised-system",
        Confirmed "confirmed", ConnectionMalwarePort "connection-malware-port",
        ConnectionMalwareSystem "connection-malware-system",
        ContentForbiddenByLaw "content-forbidden-by-law",
        ControlSystemBypass "control-system-bypass", CopyrightedContent "copyrighted-content",
        DataExfiltration "data-exfiltration", Deferred "deferred",
        DeletionInformation "deletion-information", DenialOfService "denial-of-service",
        Destruction "destruction", DictionaryAttackAttempt "dictionary-attack-attempt",
        Discarded "discarded", DisruptionDataTransmission "disruption-data-transmission",
        DisseminationMalwareEmail "dissemination-malware-email",
        DisseminationPhishingEmails "dissemination-phishing-emails",
        DnsCachePoisoning "dns-cache-poisoning",
        DnsLocalResolverHijacking "dns-local-resolver-hijacking",
        DnsSpoofingRegistered "dns-spoofing-registered", DnsRebinding "dns-rebinding",
        DnsServerCompromise "dns-server-compromise",
        DnsSpoofingUnregistered "dns-spoofing-unregistered",
        DnsStubResolverHijacking "dns-stub-resolver-hijacking", DnsZoneTransfer "dns-zone-transfer",
        DomainNameCompromise "domain-name-compromise", Duplicate "duplicate",
        EmailFlooding "email-flooding", EquipmentLoss "equipment-loss",
        EquipmentTheft "equipment-theft", Exploit "exploit", ExploitAttempt "exploit-attempt",
        ExploitFrameworkExhaustingResources "exploit-framework-exhausting-resources",
        ExploitToolExhaustingResources "exploit-tool-exhausting-resources", Failed "failed",
        FileInclusion "file-inclusion", FileInclusionAttempt "file-inclusion-attempt",
        HostingMalwareWebpage "hosting-malware-webpage",
        HostingPhishingSites "hosting-phishing-sites", IllegitimateUseName "illegitimate-use-name",
        IllegitimateUseResources "illegitimate-use-resources",
        InfectedByKnownMalware "infected-by-known-malware", InsufficientData "insufficient-data",
        KnownMalware "known-malware", LameDelegations "lame-delegations", Major "major",
        ModificationInformation "modification-information", Misconfiguration "misconfiguration",
        Natural "natural", Negotiation "negotiation", NetworkScanning "network-scanning",
        NoApt "no-apt", PacketFlood "packet-flood",
        PasswordCrackingAttempt "password-cracking-attempt", PolicyViolation "policy-violation",
        Ransomware "ransomware", RansomwarePayment "ransomware-payment", Refuted "refuted",
        ScanProbe "scan-probe", SilentlyDiscarded "silently-discarded",
        SupplyChainCustomer "supply-chain-customer", SupplyChainVendor "supply-chain-vendor",
        Spam "spam", SqlInjection "sql-injection", SqlInjectionAttempt "sql-injection-attempt",
        Successful "successful", SystemProbe "system-probe",
        TheftAccessCredentials "theft-access-credentials", Unattributed "unattributed",
        UnauthorizedAccessInformation "unauthorized-access-information",
        UnauthorizedAccessSystem "unauthorized-access-system",
        UnauthorizedEquipment "unauthorized-equipment", UnauthorizedRelease "unauthorized-release",
        UnauthorizedUse "unauthorized-use", Undetermined "undetermined",
        Unintentional "unintentional", UnknownApt "unknown-apt", Unspecified "unspecified",
        Vandalism "vandalism", Wiretapping "wiretapping", WormSpreading "worm-spreading", Xss "xss",
        XssAttempt "xss-attempt",
    }
}

vocabulary! {
    /// What an incident touches beyond its victim (Incident Core 2.0 §4.5).
    open ExternalImpactType "external-impact-ov" {
        Economic "economic", EmergencyServices "emergency-services",
        ForeignRelations "foreign-relations", NationalSecurity "national-security",
        PublicConfidence "public-confidence", PublicHealth "public-health",
        PublicSafety "public-safety",
    }
}

vocabulary! {
    /// How far an investigation is (Incident Core 2.0 §4.6).
    open InvestigationStatus "incident-investigation-ov" {
        Closed "closed", New "new", Open "open",
    }
}

vocabulary! {
    /// What information was touched (Incident Core 2.0 §4.7).
    open InformationType "information-type-ov" {
        ClassifiedMaterial "classified-material", Communication "communication",
        CredentialsAdmin "credentials-admin", CredentialsUser "credentials-user",
        Financial "financial", Legal "legal", Payment "payment", Phi "phi", Pii "pii",
        Proprietary "proprietary", System "system",
    }
}

vocabulary! {
    /// What a loss of money comes from (Incident Core 2.0 §4.8).
    open MonetaryImpactType "monetary-impact-type-ov" {
        AssetAndFraud "asset-and-fraud", BrandDamage "brand-damage",
        BusinessDisruption "business-disruption", CompetitiveAdvantage "competitive-advantage",
        LegalAndRegulatory "legal-and-regulatory", OperatingCosts "operating-costs",
        RansomDemand "ransom-demand", RansomPayment "ransom-payment",
        ResponseAndRecovery "response-and-recovery", Uncategorized "uncategorized",
    }
}

vocabulary! {
    /// What an event or a task did to an object (Incident Core 2.0 §4.9).
    open StateChangeType "state-change-type-ov" {
        Caused "caused", ContributedTo "contributed-to", Input "input", Mitigated "mitigated",
        Output "output", Resolved "resolved",
    }
}

vocabulary! {
    /// What a task is (Incident Core 2.0 §4.10).
    open TaskType "task-type-ov" {
        Administrative "administrative", Attribution "attribution", Containment "containment",
        Declared "declared", Detected "detected", Eradication "eradication", Escalated "escalated",
        ExercisedControl "exercised-control", ExternalIntelligence "external-intelligence",
        ExternalOutreach "external-outreach", ExternalSupport "external-support",
        ImplementedControl "implemented-control", Investigation "investigation",
        Negotiation "negotiation", PlaybookExecution "playbook-execution",
        PlaybookStepExecution "playbook-step-execution", RansomPayment "ransom-payment",
        Recovery "recovery", Reported "reported", RoutineUpdates "routine-updates",
        VictimNotification "victim-notification",
    }
}

vocabulary! {
    /// Whether what follows depends on this (Incident Core 2.0 §5.1).
    closed ActivityCondition "activity-condition-enum" {
        Optional "optional", Required "required", Unknown "unknown",
    }
}

vocabulary! {
    /// When what follows takes place (Incident Core 2.0 §5.2).
    closed ActivityTransition "activity-transition-enum" {
        Completion "completion", Failure "failure", Success "success", Unknown "unknown",
    }
}

vocabulary! {
    /// How far an event is (Incident Core 2.0 §5.3).
    closed EventStatus "event-status-enum" {
        NotOccurred "not-occurred", Occurred "occurred", Ongoing "ongoing", Pending "pending",
        Undetermined "undetermined",
    }
}

vocabulary! {
    /// What became of information (Incident Core 2.0 §5.4).
    closed ConfidentialityLoss "incident-confidentiality-loss-enum" {
        ConfirmedLoss "confirmed-loss", Contained "contained", ExploitedLoss "exploited-loss",
        None "none", SuspectedLoss "suspected-loss",
    }
}

vocabulary! {
    /// What an incident turned out to be (Incident Core 2.0 §5.5).
    closed IncidentDetermination "incident-determination-enum" {
        Blocked "blocked", Confirmed "confirmed", FailedAttempt "failed-attempt",
        FalsePositive "false-positive", Suspected "suspected",
    }
}

vocabulary! {
    /// How information was altered (Incident Core 2.0 §5.6).
    closed IntegrityAlteration "integrity-alteration-enum" {
        PotentialDestruction "potential-destruction",
        PotentialModification "potential-modification", PartialDestruction "partial-destruction",
        PartialModification "partial-modification", FullDestruction "full-destruction",
        FullModification "full-modification", None "none",
    }
}

vocabulary! {
    /// How far a thing is damaged (Incident Core 2.0 §5.7).
    closed PhysicalImpactType "physical-impact-enum" {
        DamagedFunctional "damaged-functional", DamagedNonfunctional "damaged-nonfunctional",
        Destruction "destruction", None "none", Unknown "unknown",
    }
}

vocabulary! {
    /// What recovery takes (Incident Core 2.0 §5.8).
    closed Recoverability "recoverability-enum" {
        Extended "extended", NotApplicable "not-applicable", NotRecoverable "not-recoverable",
        Regular "regular", Supplemented "supplemented",
    }
}

vocabulary! {
    /// How far a task is (Incident Core 2.0 §5.9).
    closed TaskOutcome "task-outcome-enum" {
        Cancelled "cancelled", Failed "failed", Ongoing "ongoing", Pending "pending",
        Successful "successful", Unknown "unknown",
    }
}

vocabulary! {
    /// How exact a moment is (Incident Core 2.0 §5.10).
    closed TimestampFidelity "timestamp-fidelity-enum" {
        Day "day", Hour "hour", Minute "minute", Month "month", Second "second", Year "year",
    }
}

vocabulary! {
    /// Whether one can still tell who did what (Incident Core 2.0 §5.11).
    closed Traceability "traceability-enum" {
        AccountabilityLost "accountability-lost", PartialAccountability "partial-accountability",
        ProvableAccountability "provable-accountability",
    }
}
