//! The vocabularies of STIX 2.1 §10, open ones (`-ov`) and closed ones (`-enum`).

use crate::schema::vocabulary;

vocabulary! {
    /// Where an account is (STIX 2.1 §10.1).
    open AccountType "account-type-ov" {
        Facebook "facebook", Ldap "ldap", Nis "nis", Openid "openid", Radius "radius",
        Skype "skype", Tacacs "tacacs", Twitter "twitter", Unix "unix",
        WindowsLocal "windows-local", WindowsDomain "windows-domain",
    }
}

vocabulary! {
    /// What moves an attacker (STIX 2.1 §10.2).
    open AttackMotivation "attack-motivation-ov" {
        Accidental "accidental", Coercion "coercion", Dominance "dominance", Ideology "ideology",
        Notoriety "notoriety", OrganizationalGain "organizational-gain",
        PersonalGain "personal-gain", PersonalSatisfaction "personal-satisfaction",
        Revenge "revenge", Unpredictable "unpredictable",
    }
}

vocabulary! {
    /// What an attacker has at hand (STIX 2.1 §10.3).
    open AttackResourceLevel "attack-resource-level-ov" {
        Individual "individual", Club "club", Contest "contest", Team "team",
        Organization "organization", Government "government",
    }
}

vocabulary! {
    /// How an artifact is encrypted (STIX 2.1 §10.4).
    closed EncryptionAlgorithm "encryption-algorithm-enum" {
        Aes256Gcm "AES-256-GCM", ChaCha20Poly1305 "ChaCha20-Poly1305",
        MimeTypeIndicated "mime-type-indicated",
    }
}

vocabulary! {
    /// What an extension adds (STIX 2.1 §10.5).
    closed ExtensionType "extension-type-enum" {
        NewSdo "new-sdo", NewSco "new-sco", NewSro "new-sro",
        PropertyExtension "property-extension",
        ToplevelPropertyExtension "toplevel-property-extension",
    }
}

vocabulary! {
    /// What grouped objects have in common (STIX 2.1 §10.6).
    open GroupingContext "grouping-context-ov" {
        SuspiciousActivity "suspicious-activity", MalwareAnalysis "malware-analysis",
        Unspecified "unspecified",
    }
}

vocabulary! {
    /// What makes a digest (STIX 2.1 §10.7).
    open HashAlgorithm "hash-algorithm-ov" {
        Md5 "MD5", Sha1 "SHA-1", Sha256 "SHA-256", Sha512 "SHA-512", Sha3With256 "SHA3-256",
        Sha3With512 "SHA3-512", Ssdeep "SSDEEP", Tlsh "TLSH",
    }
}

vocabulary! {
    /// What kind of somebody it is (STIX 2.1 §10.8).
    open IdentityClass "identity-class-ov" {
        Individual "individual", Group "group", System "system", Organization "organization",
        Class "class", Unknown "unknown",
    }
}

vocabulary! {
    /// What malware is written in (STIX 2.1 §10.9).
    open ImplementationLanguage "implementation-language-ov" {
        Applescript "applescript", Bash "bash", C "c", CPlusPlus "c++", CSharp "c#", Go "go",
        Java "java", Javascript "javascript", Lua "lua", ObjectiveC "objective-c", Perl "perl",
        Php "php", Powershell "powershell", Python "python", Ruby "ruby", Scala "scala",
        Swift "swift", Typescript "typescript", VisualBasic "visual-basic", X8632 "x86-32",
        X8664 "x86-64",
    }
}

vocabulary! {
    /// What an indicator tells of (STIX 2.1 §10.10).
    open IndicatorType "indicator-type-ov" {
        AnomalousActivity "anomalous-activity", Anonymization "anonymization", Benign "benign",
        Compromised "compromised", MaliciousActivity "malicious-activity",
        Attribution "attribution", Unknown "unknown",
    }
}

vocabulary! {
    /// A part of the economy or of the State (STIX 2.1 §10.11).
    open IndustrySector "industry-sector-ov" {
        Agriculture "agriculture", Aerospace "aerospace", Automotive "automotive",
        Chemical "chemical", Commercial "commercial", Communications "communications",
        Construction "construction", Defense "defense", Education "education", Energy "energy",
        Entertainment "entertainment", FinancialServices "financial-services",
        Government "government", EmergencyServices "emergency-services",
        GovernmentNational "government-national", GovernmentRegional "government-regional",
        GovernmentLocal "government-local", GovernmentPublicServices "government-public-services",
        Healthcare "healthcare", HospitalityLeisure "hospitality-leisure",
        Infrastructure "infrastructure", Dams "dams", Nuclear "nuclear", Water "water",
        Insurance "insurance", Manufacturing "manufacturing", Mining "mining",
        NonProfit "non-profit", Pharmaceuticals "pharmaceuticals", Retail "retail",
        Technology "technology", Telecommunications "telecommunications",
        Transportation "transportation", Utilities "utilities",
    }
}

vocabulary! {
    /// What infrastructure is for (STIX 2.1 §10.12).
    open InfrastructureType "infrastructure-type-ov" {
        Amplification "amplification", Anonymization "anonymization", Botnet "botnet",
        CommandAndControl "command-and-control", Exfiltration "exfiltration",
        HostingMalware "hosting-malware", HostingTargetLists "hosting-target-lists",
        Phishing "phishing", Reconnaissance "reconnaissance", Staging "staging", Unknown "unknown",
    }
}

vocabulary! {
    /// What malware can do (STIX 2.1 §10.13).
    open MalwareCapability "malware-capabilities-ov" {
        AccessesRemoteMachines "accesses-remote-machines", AntiDebugging "anti-debugging",
        AntiDisassembly "anti-disassembly", AntiEmulation "anti-emulation",
        AntiMemoryForensics "anti-memory-forensics", AntiSandbox "anti-sandbox", AntiVm "anti-vm",
        CapturesInputPeripherals "captures-input-peripherals",
        CapturesOutputPeripherals "captures-output-peripherals",
        CapturesSystemStateData "captures-system-state-data",
        CleansTracesOfInfection "cleans-traces-of-infection", CommitsFraud "commits-fraud",
        CommunicatesWithC2 "communicates-with-c2",
        CompromisesDataAvailability "compromises-data-availability",
        CompromisesDataIntegrity "compromises-data-integrity",
        CompromisesSystemAvailability "compromises-system-availability",
        ControlsLocalMachine "controls-local-machine",
        DegradesSecuritySoftware "degrades-security-software",
        DegradesSystemUpdates "degrades-system-updates", DeterminesC2Server "determines-c2-server",
        EmailsSpam "emails-spam", EscalatesPrivileges "escalates-privileges", EvadesAv "evades-av",
        ExfiltratesData "exfiltrates-data", FingerprintsHost "fingerprints-host",
        HidesArtifacts "hides-artifacts", HidesExecutingCode "hides-executing-code",
        InfectsFiles "infects-files", InfectsRemoteMachines "infects-remote-machines",
        InstallsOtherComponents "installs-other-components",
        PersistsAfterSystemReboot "persists-after-system-reboot",
        PreventsArtifactAccess "prevents-artifact-access",
        PreventsArtifactDeletion "prevents-artifact-deletion",
        ProbesNetworkEnvironment "probes-network-environment", SelfModifies "self-modifies",
        StealsAuthenticationCredentials "steals-authentication-credentials",
        ViolatesSystemOperationalIntegrity "violates-system-operational-integrity",
    }
}

vocabulary! {
    /// What an analysis came to (STIX 2.1 §10.14).
    open MalwareResult "malware-result-ov" {
        Malicious "malicious", Suspicious "suspicious", Benign "benign", Unknown "unknown",
    }
}

vocabulary! {
    /// What kind of malware it is (STIX 2.1 §10.15).
    open MalwareType "malware-type-ov" {
        Adware "adware", Backdoor "backdoor", Bot "bot", Bootkit "bootkit", Ddos "ddos",
        Downloader "downloader", Dropper "dropper", ExploitKit "exploit-kit", Keylogger "keylogger",
        Ransomware "ransomware", RemoteAccessTrojan "remote-access-trojan",
        ResourceExploitation "resource-exploitation",
        RogueSecuritySoftware "rogue-security-software", Rootkit "rootkit",
        ScreenCapture "screen-capture", Spyware "spyware", Trojan "trojan", Unknown "unknown",
        Virus "virus", Webshell "webshell", Wiper "wiper", Worm "worm",
    }
}

vocabulary! {
    /// What addresses a socket speaks (STIX 2.1 §10.16).
    closed SocketAddressFamily "network-socket-address-family-enum" {
        Unspec "AF_UNSPEC", Inet "AF_INET", Ipx "AF_IPX", Appletalk "AF_APPLETALK",
        Netbios "AF_NETBIOS", Inet6 "AF_INET6", Irda "AF_IRDA", Bth "AF_BTH",
    }
}

vocabulary! {
    /// How a socket speaks (STIX 2.1 §10.17).
    closed SocketType "network-socket-type-enum" {
        Stream "SOCK_STREAM", Dgram "SOCK_DGRAM", Raw "SOCK_RAW", Rdm "SOCK_RDM",
        Seqpacket "SOCK_SEQPACKET",
    }
}

vocabulary! {
    /// How much one agrees (STIX 2.1 §10.18).
    closed OpinionValue "opinion-enum" {
        StronglyDisagree "strongly-disagree", Disagree "disagree", Neutral "neutral", Agree "agree",
        StronglyAgree "strongly-agree",
    }
}

vocabulary! {
    /// The language of a pattern (STIX 2.1 §10.19).
    open PatternType "pattern-type-ov" {
        Stix "stix", Pcre "pcre", Sigma "sigma", Snort "snort", Suricata "suricata", Yara "yara",
    }
}

vocabulary! {
    /// What malware runs on (STIX 2.1 §10.20).
    open ProcessorArchitecture "processor-architecture-ov" {
        Alpha "alpha", Arm "arm", Ia64 "ia-64", Mips "mips", Powerpc "powerpc", Sparc "sparc",
        X86 "x86", X8664 "x86-64",
    }
}

vocabulary! {
    /// A part of the world (STIX 2.1 §10.21).
    open Region "region-ov" {
        Africa "africa", EasternAfrica "eastern-africa", MiddleAfrica "middle-africa",
        NorthernAfrica "northern-africa", SouthernAfrica "southern-africa",
        WesternAfrica "western-africa", Americas "americas",
        LatinAmericaCaribbean "latin-america-caribbean", SouthAmerica "south-america",
        Caribbean "caribbean", CentralAmerica "central-america", NorthernAmerica "northern-america",
        Asia "asia", CentralAsia "central-asia", EasternAsia "eastern-asia",
        SouthernAsia "southern-asia", SouthEasternAsia "south-eastern-asia",
        WesternAsia "western-asia", Europe "europe", EasternEurope "eastern-europe",
        NorthernEurope "northern-europe", SouthernEurope "southern-europe",
        WesternEurope "western-europe", Oceania "oceania", Antarctica "antarctica",
        AustraliaNewZealand "australia-new-zealand", Melanesia "melanesia", Micronesia "micronesia",
        Polynesia "polynesia",
    }
}

vocabulary! {
    /// What a report is mainly about (STIX 2.1 §10.22).
    open ReportType "report-type-ov" {
        AttackPattern "attack-pattern", Campaign "campaign", Identity "identity",
        Indicator "indicator", IntrusionSet "intrusion-set", Malware "malware",
        ObservedData "observed-data", ThreatActor "threat-actor", ThreatReport "threat-report",
        Tool "tool", Vulnerability "vulnerability",
    }
}

vocabulary! {
    /// Who a threat actor is (STIX 2.1 §10.23).
    open ThreatActorType "threat-actor-type-ov" {
        Activist "activist", Competitor "competitor", CrimeSyndicate "crime-syndicate",
        Criminal "criminal", Hacker "hacker", InsiderAccidental "insider-accidental",
        InsiderDisgruntled "insider-disgruntled", NationState "nation-state",
        Sensationalist "sensationalist", Spy "spy", Terrorist "terrorist", Unknown "unknown",
    }
}

vocabulary! {
    /// What part a threat actor plays (STIX 2.1 §10.24).
    open ThreatActorRole "threat-actor-role-ov" {
        Agent "agent", Director "director", Independent "independent",
        InfrastructureArchitect "infrastructure-architect",
        InfrastructureOperator "infrastructure-operator", MalwareAuthor "malware-author",
        Sponsor "sponsor",
    }
}

vocabulary! {
    /// How skilled a threat actor is (STIX 2.1 §10.25).
    open ThreatActorSophistication "threat-actor-sophistication-ov" {
        None "none", Minimal "minimal", Intermediate "intermediate", Advanced "advanced",
        Expert "expert", Innovator "innovator", Strategic "strategic",
    }
}

vocabulary! {
    /// What a tool does (STIX 2.1 §10.26).
    open ToolType "tool-type-ov" {
        DenialOfService "denial-of-service", Exploitation "exploitation",
        InformationGathering "information-gathering", NetworkCapture "network-capture",
        CredentialExploitation "credential-exploitation", RemoteAccess "remote-access",
        VulnerabilityScanning "vulnerability-scanning", Unknown "unknown",
    }
}

vocabulary! {
    /// How far Windows trusts a process (STIX 2.1 §10.27).
    closed WindowsIntegrityLevel "windows-integrity-level-enum" {
        Low "low", Medium "medium", High "high", System "system",
    }
}

vocabulary! {
    /// What a Windows binary is (STIX 2.1 §10.28).
    open WindowsPeBinaryType "windows-pebinary-type-ov" {
        Dll "dll", Exe "exe", Sys "sys",
    }
}

vocabulary! {
    /// What a registry value holds (STIX 2.1 §10.29).
    closed WindowsRegistryDatatype "windows-registry-datatype-enum" {
        None "REG_NONE", Sz "REG_SZ", ExpandSz "REG_EXPAND_SZ", Binary "REG_BINARY",
        Dword "REG_DWORD", DwordBigEndian "REG_DWORD_BIG_ENDIAN",
        DwordLittleEndian "REG_DWORD_LITTLE_ENDIAN", Link "REG_LINK", MultiSz "REG_MULTI_SZ",
        ResourceList "REG_RESOURCE_LIST", FullResourceDescription "REG_FULL_RESOURCE_DESCRIPTION",
        ResourceRequirementsList "REG_RESOURCE_REQUIREMENTS_LIST", Qword "REG_QWORD",
        InvalidType "REG_INVALID_TYPE",
    }
}

vocabulary! {
    /// When a Windows service starts (STIX 2.1 §10.30).
    closed WindowsServiceStartType "windows-service-start-type-enum" {
        AutoStart "SERVICE_AUTO_START", BootStart "SERVICE_BOOT_START",
        DemandStart "SERVICE_DEMAND_START", Disabled "SERVICE_DISABLED",
        SystemAlert "SERVICE_SYSTEM_ALERT",
    }
}

vocabulary! {
    /// How a Windows service runs (STIX 2.1 §10.31).
    closed WindowsServiceType "windows-service-type-enum" {
        KernelDriver "SERVICE_KERNEL_DRIVER", FileSystemDriver "SERVICE_FILE_SYSTEM_DRIVER",
        Win32OwnProcess "SERVICE_WIN32_OWN_PROCESS",
        Win32ShareProcess "SERVICE_WIN32_SHARE_PROCESS",
    }
}

vocabulary! {
    /// What a Windows service is doing (STIX 2.1 §10.32).
    closed WindowsServiceStatus "windows-service-status-enum" {
        ContinuePending "SERVICE_CONTINUE_PENDING", PausePending "SERVICE_PAUSE_PENDING",
        Paused "SERVICE_PAUSED", Running "SERVICE_RUNNING", StartPending "SERVICE_START_PENDING",
        StopPending "SERVICE_STOP_PENDING", Stopped "SERVICE_STOPPED",
    }
}

vocabulary! {
    /// The colour of the first Traffic Light Protocol (STIX 2.1 §7.2.1.4).
    closed TlpLevel "tlp-level-enum" {
        White "white", Green "green", Amber "amber", Red "red",
    }
}
