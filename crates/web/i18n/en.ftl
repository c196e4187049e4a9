### Every word of the console in English. A key here has its twin in each other language.

## Frame

nav-label = Sections
nav-desk = Desk
nav-incidents = Incidents
nav-exchange = Exchange
nav-directory = Directory
nav-ledger = Ledger
nav-settings = Settings
skip-to-content = Skip to content
search-or-jump = Search or jump to an id…
search-word = Search
search-help = Search looks through incidents, threads and parties that you may see. Paste an id such as thread--… or incident--… to go straight to it.
search-nothing = Nothing found for “{ $query }”
search-nothing-why = Every word has to occur. Try fewer words, or the other mode: real and exercise data are never searched together.
search-incidents = Incidents
search-threads = Threads
search-parties = Parties
show-all = Show all
menu-account = Your account
menu-language = Language
menu-theme = Colours
language-en = English
language-zh = 中文
language-fr = français
language-es = español
language-ru = русский
language-ar = العربية
theme-auto = System
theme-light = Light
theme-dark = Dark
mode-real = Real
mode-exercise = Exercise
mode-switch-to-real = Show real data
mode-switch-to-exercise = Show exercise data
sign-out = Sign out
exercise-word = Exercise
exercise-sentence = Nothing on this page is real. Do not act on it outside the exercise.
offline-sentence = Not connected: no other party can be reached. What others did after this is not shown:
crumbs-label = Where you are
tabs-label = Parts of this page
pager-label = Pages
pager-first = First page
pager-next = Next page
copy = Copy
copied = Copied
edit = Edit
print = Print
proof = proof
never = never
worldwide = Worldwide
marking = Marking
version-n = Version { $n }
news-line =
    { $n ->
        [one] 1 new, show
       *[other] { $n } new, show
    }

## Times

month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
date-short = { $day } { $month }
date-full = { $day } { $month } { $year }
date-month = { $month } { $year }
date-year = { $year }
date-and-time = { $date } { $time }
comma = {", "}
time-ago = { $span } ago
time-left = { $span } left
time-late = { $span } late
time-days-clock = { $sign }{ $days } d { $clock }
span-seconds = { $n } s
span-minutes = { $n } min
span-hours = { $n } h
span-hours-minutes = { $hours } h { $minutes } min
span-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    }

## Sign-in

sign-in-title = Sign in
sign-in-heading = Sign in to { $party }
sign-in-button = Sign in
sign-in-forgotten = Password forgotten? An administrator of your node can give you a one-time code.
sign-in-have-code = I have a code
sign-in-refused = Name and password do not belong together, or the account is disabled.
sign-in-again = You were signed out. Sign in to go on.
reset-title = Set a new password
reset-intro = The code comes from an administrator of your node. It works once and for a short time.
reset-button = Set password and sign in
field-name = Name
field-password = Password
field-code = One-time code
field-new-password = New password
hint-new-password = At least 12 characters. A few words in a row are easy to remember and hard to guess.

## Forms

form-optional = (optional)
form-cancel = Cancel
form-wrong-heading = Not saved yet: please look at these fields
form-save = Save
form-add = Add
form-preview = Preview: who will see this
wrong-required = This is needed.
wrong-too-long = This is too long; at most { $max } characters.
wrong-choice = Choose one of the list.
wrong-date = Write a date such as 2024, 2024-05, 2024-05-08 or 2024-05-08T10:30Z.
wrong-moment = Write a date and time in UTC.
wrong-past = This must lie in the future.
wrong-confirm = This is not the name of the addressee. Type it as it stands above.
wrong-value = This value was refused: { $rule }

## Desk

desk-waiting = Waiting for you
desk-within = { $within } of { $all } within time
desk-waiting-for-others = Waiting for others
desk-empty = Nothing waits for you
desk-empty-why = Requests from other parties appear here with their clocks, the most urgent first. Their telephone number stands beside them once they are overdue.
desk-empty-button = Look at all threads
desk-state = { $party } now
desk-open-incidents =
    { $n ->
        [one] open incident
       *[other] open incidents
    }
desk-open-threads =
    { $n ->
        [one] open thread
       *[other] open threads
    }
desk-weeks = new, last six weeks
desk-weeks-label = New incidents in each of the last six weeks
desk-since = Since you last looked
desk-first = What is new
desk-nothing-new = Nothing new.
news-messages =
    { $n ->
        [one] 1 message received
       *[other] { $n } messages received
    }
news-incidents =
    { $n ->
        [one] 1 incident added or changed
       *[other] { $n } incidents added or changed
    }
news-receipts-missing =
    { $n ->
        [one] 1 receipt missing for more than an hour
       *[other] { $n } receipts missing for more than an hour
    }
news-refused =
    { $n ->
        [one] 1 message was refused by the other side
       *[other] { $n } messages were refused by the other side
    }
news-turned-away =
    { $n ->
        [one] 1 envelope from outside was refused here
       *[other] { $n } envelopes from outside were refused here
    }
news-frozen = { $party } showed two ledgers that cannot both be true
news-unreachable = { $party } cannot be reached
news-dead-jobs =
    { $n ->
        [one] 1 task of this node has failed for good
       *[other] { $n } tasks of this node have failed for good
    }
clock-stands = stands
clock-stands-why = The clock stands while a question is open.
clock-stood = stood for { $span }
clock-sentence = { $party }: { $verb } ({ $kind })
overdue = overdue
from-party = from { $party }
from-us = from us
to-party = to { $party }
verb-acknowledge = acknowledge
verb-answer = answer
verb-clarify = clarify
verb-close = agree to close
verb-confirm-removal = confirm removal
urgency-routine = routine
urgency-urgent = urgent
urgency-flash = flash
urgency-basis-life-at-risk = Somebody may die or be hurt.
urgency-basis-essential-service = A service on which people depend is down or about to be.
urgency-basis-ongoing-damage = The damage goes on or spreads.
urgency-basis-perishable-evidence = Evidence is about to vanish.
urgency-basis-risk-of-escalation = A misunderstanding between States could grow.

## Incidents

incident-new = Add incident
incident-edit-title = Edit: { $title }
incident-edit-intro = Write what is known and how exactly it is known: a month is a month. Who is behind it belongs under sources, as the statement of whoever says so.
incident-title = Incident
incident-country = State concerned
incident-sector = Sector
incident-class = Class
incident-began = Began
incident-state = State of work
incident-facts = Facts
incident-id = Public id
incident-notify = Write to another State
incident-no-account = There is no account in words yet.
incident-no-threads = No exchange about it yet.
incident-attribution = Who is said to be behind it
attribution-is-a-statement = Each line is the statement of whoever makes it. This register makes no finding.
incident-band-label = The incident over time
incidents-empty = No incidents yet
incidents-empty-why = The register holds what happened, to whom, when and who says so. Other parties see nothing of it until you write to them.
incidents-none-match = No incident matches
incidents-none-match-why = All conditions have to hold at once. Take one away.
filter-text = Words
filter-any = Any
filter-from = From
filter-to = To
filter-apply = Apply
filter-clear = Clear
tab-summary = Summary
tab-timeline = Timeline
tab-sources = Sources
tab-links = Links and exchange
tab-attachments = Attachments
tab-history = History
investigation-open = Open
investigation-investigating = Investigating
investigation-contained = Contained
investigation-closed = Closed
stage-investigate = Begin to investigate
stage-contain = Mark as contained
stage-close = Close
stage-reopen = Reopen
incident-kind-incident = Incident
incident-kind-campaign = Campaign
determination-suspected = Suspected
determination-confirmed = Confirmed
determination-blocked = Blocked
determination-failed-attempt = Failed attempt
determination-false-positive = False alarm
severity-level = Severity { $level } of 5
fact-kind = Kind
fact-organisation = Who was hit
fact-victims = States concerned
fact-sectors = Sectors
fact-period = When
fact-detected = Detected
fact-reported = Reported
fact-determination = How sure it is
fact-cross-border = Touches more than one State
fact-pap = Permissible actions
fact-source = Where it comes from
fact-shipped = Shipped with the program
yes = Yes
no = No
unknown = Not known
field-title = Title
field-description = What happened
field-kind = Kind
field-victims = States concerned
hint-victims = The States whose people or systems were hit. Leave it empty where that is not known.
field-worldwide = It reached more States than a list could name
field-organisation = Who was hit
hint-organisation = The organisation, where its name may stand here.
field-sectors = Sectors
field-rsit = Class
field-from = From
field-to = To
hint-dated = As exactly as it is known: 2024, 2024-05, 2024-05-08 or 2024-05-08T10:30Z.
field-period-text = The time in words
field-detected = Detected
field-reported = Reported
field-determination = How sure it is
field-tlp = Marking
hint-tlp = Whatever is not marked is AMBER+STRICT.
field-cross-border = Touches more than one State
field-reason = Why it is changed
hint-reason = Stands in the history of the incident.
timeline-empty = No events yet
timeline-empty-why = Events are drawn as exactly as they are known: a month as a month, a minute as a minute.
timeline-add = Add an event
field-at = When
field-what = What happened
field-source = Where it is told
sources-empty = No statements yet
sources-empty-why = A statement says who told what, where and when. Attributions and denials stand here, side by side.
sources-note = Grades: A measured by the operator, B official record, C stated in a meeting or the press, D an actor’s own claim. Figures of different statements are never added up.
statement-account = Account
statement-attribution = Attribution
statement-claim = Claim by the actor
statement-denial = Denial
statement-add = Add a statement
statement-document-line = { $document }, line { $line }
harm-figures = Figures of harm
bound-exact = { $value } { $unit }
bound-at-least = at least { $value } { $unit }
bound-at-most = at most { $value } { $unit }
bound-about = about { $value } { $unit }
bound-range = { $low } to { $high } { $unit }
grade-a = A, measured by the operator
grade-b = B, official record
grade-c = C, stated in public
grade-d = D, an actor’s claim
links-empty = Nothing linked yet
links-empty-why = Threads about the incident are linked by themselves when you write about it. Reports and other pages can be added by hand.
links-what = What
links-kind = Kind
links-added = Added
link-thread = Thread
link-incident = Incident
link-dossier = Dossier
link-url = Address
link-add = Add a link
attachment-add = Attach a file
attachment-name = File
attachment-size = Size
attachment-added = Added
attachments-empty = No files yet
attachments-empty-why = Files are kept under the digest of their content and shown to whoever may see the incident.
history-what = What
history-who = Who
history-when = When
history-note = Every change stands in the ledger of acts and cannot be taken out of it.
conflict-title = Someone saved this while you were writing
conflict-why = { $who } saved version { $version }.
conflict-field = Field
conflict-saved = Saved meanwhile
conflict-yours = Yours
conflict-choice = Nothing of yours is lost. Put your version over the saved one, or go back and look at the saved one first.
conflict-save = Save mine as version { $version }

## Classes (RSIT) and sectors (NIS2)

rsit-none = Not classified
rsit-abusive-content = Abusive content
rsit-abusive-content-spam = Spam
rsit-abusive-content-harmful-speech = Harmful speech
rsit-abusive-content-violence = Sexual exploitation or violent content
rsit-malicious-code = Malicious code
rsit-malicious-code-infected-system = Infected system
rsit-malicious-code-c2-server = Command-and-control server
rsit-malicious-code-malware-distribution = Malware distribution
rsit-malicious-code-malware-configuration = Malware configuration
rsit-information-gathering = Information gathering
rsit-information-gathering-scanner = Scanning
rsit-information-gathering-sniffing = Sniffing
rsit-information-gathering-social-engineering = Social engineering
rsit-intrusion-attempts = Intrusion attempts
rsit-intrusion-attempts-ids-alert = Exploitation of known vulnerabilities
rsit-intrusion-attempts-brute-force = Login attempts
rsit-intrusion-attempts-exploit = New attack signature
rsit-intrusions = Intrusions
rsit-intrusions-privileged-account-compromise = Privileged account compromise
rsit-intrusions-unprivileged-account-compromise = Unprivileged account compromise
rsit-intrusions-application-compromise = Application compromise
rsit-intrusions-system-compromise = System compromise
rsit-intrusions-burglary = Burglary
rsit-availability = Availability
rsit-availability-dos = Denial of service
rsit-availability-ddos = Distributed denial of service
rsit-availability-misconfiguration = Misconfiguration
rsit-availability-sabotage = Sabotage
rsit-availability-outage = Outage
rsit-information-content-security = Information content security
rsit-information-content-security-unauthorised-information-access = Unauthorised access to information
rsit-information-content-security-unauthorised-information-modification = Unauthorised modification of information
rsit-information-content-security-data-loss = Data loss
rsit-information-content-security-data-leak = Leak of confidential information
rsit-fraud = Fraud
rsit-fraud-unauthorised-use-of-resources = Unauthorised use of resources
rsit-fraud-copyright = Copyright
rsit-fraud-masquerade = Masquerade
rsit-fraud-phishing = Phishing
rsit-vulnerable = Vulnerable
rsit-vulnerable-weak-crypto = Weak cryptography
rsit-vulnerable-ddos-amplifier = Amplifier for denial of service
rsit-vulnerable-potentially-unwanted-accessible = Potentially unwanted accessible services
rsit-vulnerable-information-disclosure = Information disclosure
rsit-vulnerable-vulnerable-system = Vulnerable system
rsit-other = Other
rsit-other-other = Uncategorised
rsit-other-undetermined = Undetermined
rsit-test = Test
rsit-test-test = Test
sector-energy = Energy
sector-transport = Transport
sector-banking = Banking
sector-financial = Financial market infrastructures
sector-health = Health
sector-drinking-water = Drinking water
sector-waste-water = Waste water
sector-digital-infrastructure = Digital infrastructure
sector-ict-services = ICT service management
sector-public-administration = Public administration
sector-space = Space
sector-courier = Postal and courier services
sector-waste-management = Waste management
sector-chemical = Chemicals
sector-food = Food
sector-manufacturing = Manufacturing
sector-digital-providers = Digital providers
sector-research = Research

## Exchange

thread-new = Write to a party
thread-title = Subject
thread-party = Party
thread-last = Last message
thread-next = Next
thread-state = State
thread-with = with { $party }
thread-to-acts = What you can do
thread-evidence = Evidence file
thread-acts = What you can do
thread-acts-who = Whatever you send here goes to { $party } and to nobody else. You see once more what leaves before it does.
thread-acts-none-closed = The thread is closed. A new asking message opens it again.
thread-acts-none-role = Your roles let you read this thread, not write in it.
thread-clocks = Clocks
thread-desks = Parties and desks
thread-incident = Incident
thread-history = History
thread-id = Thread
threads-empty = No threads here
threads-empty-why = A thread is an exchange with one party about one matter. Each message in it carries its own proof of receipt.
thread-state-open = Open
thread-state-closing = Closing
thread-state-closed = Closed
tab-all = All
tab-ours = Waiting for us
tab-theirs = Waiting for others
tab-open = Open
tab-closed = Closed
we-are-to = We: { $verb }
they-are-to = They: { $verb }
unread = new
back-to-thread = Back to the thread
norms-named = Norms named
norms-are-voluntary = The norms are voluntary and not legally binding; naming one makes no legal finding.
kind-notify-inc = Notification of an incident
kind-notify-orig = Notification to the State addressed
kind-rfi = Request for information
kind-rfa = Request for assistance
kind-rfm = Request to mitigate
kind-preserve = Request to preserve data
kind-ack = Acknowledgement
kind-resp = Answer
kind-clarify = Clarification
kind-update = Update
kind-escalate = Escalation
kind-consult = Consultation
kind-withdraw = Withdrawal
kind-close = Closure
kind-ping = Communication check
kind-pong = Reply to a communication check
kind-purpose-notify-inc = Tell another State that it is affected, or what you know of an incident there.
kind-purpose-notify-orig = Tell another State that activity emanates from or transits its territory, and ask it to look into it.
kind-purpose-rfi = Ask questions, and say what the answers are for.
kind-purpose-rfm = Ask that something be stopped, filtered or looked into, and say why and how with least harm.
kind-purpose-ack = Say that the message was seen, who handles it, and when you will write next.
kind-purpose-resp = Answer: what you do, what you decline and why.
kind-purpose-clarify = Ask back, or answer a question. The clock of the request stands until it is answered.
kind-purpose-update = Tell how things stand.
kind-purpose-withdraw = Take a message back. The other side is asked to remove it and to say so.
kind-purpose-close = Propose to close the thread. It is closed when both sides say so, or after 30 days’ silence.
kind-purpose-ping = Check that the other desk can be reached. It asks for a reply and for nothing else.
kind-purpose-pong = Reply to a communication check.
kind-title-notify-inc = Notification of an ICT incident
kind-title-notify-orig = Notification of malicious ICT activity emanating from or transiting the territory of the State addressed
kind-title-rfi = Request for information
kind-title-rfm = Request to mitigate malicious ICT activity
kind-title-ack = Acknowledgement of receipt
kind-title-resp = Answer to a request
kind-title-clarify = Clarification
kind-title-update = Update
kind-title-withdraw = Withdrawal
kind-title-close = Closure of an exchange
kind-title-ping = Communication check
kind-title-pong = Reply to a communication check
fixed-ack = Acknowledging is not agreeing: it says nothing on the substance and accepts no responsibility.
fixed-no-attribution = No attribution to a State is implied. That activity emanates from or transits a territory does not by itself imply that the State is responsible for it.
fixed-voluntary = Answering is voluntary. This is without prejudice to other channels.
fixed-ping = This is a check. It asks for a reply and for nothing else.
act-send-ack = Acknowledge to { $party }
act-send-resp = Answer { $party }
act-send-clarify = Ask { $party } back
act-send-clarify-answer = Answer the question of { $party }
act-send-update = Send { $party } an update
act-send-withdraw = Withdraw a message
act-send-close = Propose closure to { $party }
act-send-close-agree = Agree to close with { $party }
act-send-pong = Reply to { $party }
act-send-rfi = Request information from { $party }
act-send-rfm = Request { $party } to mitigate
act-send-notify-inc = Notify { $party } of an incident
act-send-notify-orig = Notify { $party }
act-send-ping = Check the line to { $party }
mark-queued = queued
mark-sent = sent
mark-received = received
mark-acknowledged = acknowledged
mark-answered = answered
mark-refused = refused
mark-undeliverable = not deliverable
mark-carried = carried by hand
mark-withdrawn = withdrawn
mark-due = due
mark-not-yet = not yet
mark-since = since
mark-carried-note = travels by pouch
gone-withdrawn-by-us = This message was withdrawn by its sender. { $party } has not yet stated that it removed it.
gone-removed = { $party } states that it removed it.
gone-withdrawn-by-them = { $party } withdrew this message and asks that it be removed.
gone-not-for-you = Its marking does not let you read this message. That it exists, and its proof, you may see.
gone-destroyed = The text was destroyed. Signature and receipt can still be checked.
event-closed = Closed by both sides
event-closing = { $party } proposed to close
event-reopened = Opened again
event-refused = { $party } refused the message: { $why }
event-turned-away = An envelope that named { $party } as its sender was refused: { $why }

## Writing

compose-kind = What is it?
compose-to = To which desk?
compose-to-hint = One party and one of its desks. Who else should know is told in a message of their own.
compose-write = Write
compose-addressee = To { $party }, { $desk }
compose-nobody = There is nobody to write to yet
compose-nobody-why = A party has to stand in the directory, with its root fingerprint compared, before anything can be sealed to it.
contact-kind-diplomatic = diplomatic
contact-kind-technical = technical
field-subject = Subject
field-text = Text
field-urgency = Urgency
field-urgency-basis = Why it is urgent
hint-urgency-basis = Needed for urgent and flash. It travels unsealed, so that the other node can wake somebody.
field-ack-due = Acknowledgement asked by (UTC)
field-answer-due = Answer asked by (UTC)
hint-due = A wish, not a legal deadline.
field-language = Language of the text
field-norms = Norms that you refer to
field-files = Files
hint-files = At most { $max } together. Each is sealed on its own.
field-incident = Incident
field-confidence = How sure you are
field-requested-action = What you ask for
field-indicators = Indicators, one a line
field-window-from = Observed from (UTC)
field-window-to = Observed until (UTC)
field-victim-sector = Sector of those hit
field-evidence = Evidence in short
field-no-attribution = No attribution to a State is implied
field-questions = Questions, one a line
field-why = What it is for
field-permitted-use = What you will use the answer for
field-assets = What it is about, one a line
hint-assets = Addresses, domains, hashes: as exactly as you have them, with times.
field-measure = Measure that you ask for
field-measures = Measures that you ask for
field-least-harm = How to keep harm to others small
field-handler = Who handles it
field-next-update = Next word from you by (UTC)
field-decision = Decision
field-decline-reason = Reason
field-reasons = Reasons in words
field-actions = What you have done or will do, one a line
field-restrictions = What the other side must not do with this
field-items = Questions or answers, one a line
field-situation = How things stand
field-impact = How the effect has changed
field-target = Which message
field-removal = Ask that it be removed
field-outcome = Outcome
field-lessons = Lessons
field-task = Task
confidence-low = low
confidence-moderate = moderate
confidence-high = high
measure-takedown = take it down
measure-filter = filter it
measure-notify-owner = tell the owner
measure-investigate = look into it
decision-accept = accepted
decision-partial = accepted in part
decision-decline = declined
decision-refer = referred to somebody else
decision-cannot-confirm = cannot be confirmed
decline-no-capacity = no capacity
decline-legal-bar = the law does not allow it
decline-sovereignty = sovereignty or public order
decline-insufficient-facts = too few facts
decline-under-investigation = under investigation
decline-political = political
decline-other = other
outcome-resolved = resolved
outcome-partly-resolved = resolved in part
outcome-unresolved = not resolved
outcome-no-longer-needed = no longer needed
preview-title = Before it leaves the house
preview-who = Who will see this
preview-leaves = What leaves the house
preview-message = The message
preview-confirm = Send to { $party }
preview-final = What has been sent cannot be called back; it can only be withdrawn, and both sides will see that it was.
preview-change = Go on writing
preview-send = Send to { $party }
preview-seal-sentence = { $party } and nobody else can read it: at { $desk }, every user of its node whom its own rules allow.
preview-own-sentence = In this house: everybody who may see { $tlp } in threads with { $party }.
preview-red-sentence = TLP:RED is for the named recipients only: { $desk } at { $party }.
preview-witness-sentence = Witnesses see that a message exists, its time and a salted digest. They cannot see between whom or about what.
preview-forbidden-tlp = The marking { $tlp } does not let this go to { $party }.
field-confirm = Type the name of the addressee: { $party }
leaf-what = What
leaf-how = How
leaf-readers = Who can read it
leaf-sealed = sealed
leaf-signed = signed, open to the receiving node
leaf-header = Kind, sender, addressee, times, urgency, marking
leaf-body = Text of the message
leaf-attachment = File { $name }
leaf-readers-sealed = { $party }, and your own archive
leaf-readers-node = The node of { $party }
leaf-padded = { $size }, padded

## Proof

proof-title = Proof of receipt
proof-sentence = { $party }’s ledger shows this message as entry { $entry }; signed { $signed }; checked by you and by { $witnesses ->
        [0] no witness yet
        [one] 1 witness
       *[other] { $witnesses } witnesses
    }.
proof-sentence-none = There is no receipt yet. What is proven so far is that this node signed the message and entered it into its own ledger.
proof-sentence-broken = The receipt does not hold. Do not rely on it, and tell an administrator.
proof-checks = What was checked
proof-not = What it does not prove
proof-not-reading = It does not prove that anybody read the message.
proof-not-consent = It does not prove consent: receipt is not agreement.
proof-not-clock = It does not prove the time that the receipt itself states; only the witnesses’ times stand on their own.
proof-technical = Technical view
proof-receipt = Receipt
proof-command = Check it yourself
proof-command-why = The command repeats every check on any machine, without this node.
proof-envelope-file = Envelope
proof-receipt-file = Receipt file
proof-keys-file = Key sets
check-fails = Fails:
check-open = (cannot be said yet)
check-signatures = Both signatures of the sender are valid.
check-keyset = The sender’s key set is signed by its root key, which was compared.
check-record = The record names this message and no other.
check-inclusion = The entry stands in the tree of the checkpoint.
check-checkpoint = The checkpoint carries both signatures of the ledger.
check-witness = { $name } cosigned the checkpoint at { $at }.
check-policy = The witness policy of the receiving party is met.
technical-entry = Entry
technical-tree-size = Tree size
technical-root = Root hash
technical-leaf = Entry hash
technical-header = SHA-256 of the header
technical-origin = Origin
technical-keyset = Key set
technical-message = Message
technical-sealed = Sealed file

## Paper

paper-to = To
paper-from = From
paper-date = Date
paper-text = Text
paper-asked-acknowledged = Acknowledgement asked by
paper-asked-answered = Answer asked by
paper-asked-received = Receipt expected
paper-signed = This sheet is a copy for the file. The message itself is the signed envelope, which anybody who holds the key sets can check.
paper-fingerprint = Root key of the sender: { $words }

## Directory

directory-intro = Parties that this node knows, and their desks.
directory-rules = Contact data is for points of contact and is never public. Each look at it is recorded. An entry here is without prejudice to any other channel.
directory-empty = No other party yet
directory-empty-why = Add a party by its address, and compare its root fingerprint over another channel: by telephone, at a meeting, through a mission.
party-name = Party
party-state = State
party-desks = Desks
party-address = Node
party-heard = Last heard
party-never-heard = never
party-ours = this node
party-add = Add a party
party-threads = Threads
party-state-active = active
party-state-waiting = fingerprint not compared
party-state-frozen = receipts frozen
party-state-removed = removed
party-state-no-node = has no node
party-frozen-why = { $party } showed two ledgers that cannot both be true. Its messages still arrive; its receipts are not taken as proof until somebody has looked into it.
party-add-intro = Enter where the node of the other party is. It will be asked for its root fingerprint, which you then compare. Nothing is sent to it before.
party-compare = The node at this address says that it belongs to { $party } and that this is its root fingerprint. Compare it over another channel.
party-compare-warning = Do not compare by e-mail or over this connection. Whoever could stand between you could change both.
field-address = Address of the node
hint-address = Host and port, such as comity.example:7443
field-fingerprint = Fingerprint as you got it over the other channel
hint-fingerprint = The words in order, the line of hex, or the text of the QR code.
party-ask = Ask the node
party-pin = I have compared it: add { $party }
desks-n =
    { $n ->
        [0] no desks
        [one] 1 desk
       *[other] { $n } desks
    }
desks-empty = No desks listed
desks-empty-why = A desk is a point of contact, diplomatic or technical. A party lists its own; you can also enter what you know.
desk-add = Add a desk
contact-status-active = active
contact-status-stale = not confirmed lately
contact-status-suspended = suspended
contact-department = Department
contact-role = Role
contact-languages = Languages
contact-hours = Hours
contact-verified = Confirmed
contact-never-verified = never confirmed
contact-person = Person
contact-phone = Telephone
contact-fallback = When nobody answers
contact-email = E-mail
contact-channel = Other channel
hours-24x7 = day and night
hours-office = office hours
look = Look at contact data
look-why = Telephone and e-mail are shown on request. Your look is recorded.
look-recorded = Your look was recorded.
write-to = Write to { $party }
fingerprint = Root fingerprint
fingerprint-ours = Read these words to whoever wants to compare.
fingerprint-compared = compared by { $who },
fingerprint-not-compared = Not compared yet. Nothing can be sent to this party.
fingerprint-none = No key is known.
sameness = Do both nodes hold the same?
sameness-unknown = Not compared yet.
sameness-same = Both hold the same messages.
sameness-differs = The two nodes do not hold the same messages.
sameness-missing-there = Missing there:
sameness-missing-here = Missing here:
key-sets = Key sets
key-set-n = Key set { $n }
key-set-revoked =
    { $n ->
        [one] 1 key revoked
       *[other] { $n } keys revoked
    }
field-entity = Entity
field-department = Department
field-role = Title or role
field-person = Person
field-phones = Telephone numbers, one a line
field-fallback = When nobody answers
field-emails = E-mail addresses, one a line
field-languages = Working languages
field-time-zone = Time zone
field-hours = Hours
field-contact-kind = Kind of contact

## Ledger

ledger-intro = What this node has written down and cannot take back, and what other nodes showed of theirs.
ledger-evidence = See the evidence
log-exchange = Exchange
log-acts = Acts
log-entries =
    { $n ->
        [one] entry
       *[other] entries
    }
log-cosigned =
    { $n ->
        [one] witness on the newest checkpoint
       *[other] witnesses on the newest checkpoint
    }
log-size = Size
log-checkpoint = Checkpoint
log-no-checkpoint = none signed yet
log-root = Root hash
log-note = The checkpoint as text
witnesses = Witnesses
witnesses-empty = No witness yet
witnesses-empty-why = A witness is another node that cosigns the checkpoints of this one. With it, a receipt proves a time that nobody in this house could have made up.
witness-name = Witness
witness-at = Last cosigned
heads = Ledgers of others
heads-empty = Nothing seen yet
heads-empty-why = Every checkpoint that another node shows is kept, and each new one has to continue the last.
head-seen = Seen
head-consistent = continues the last one
head-frozen = two ledgers
acts = Recent acts
acts-for-auditors = The single acts are shown to auditors.
evidence-title = Two ledgers that cannot both be true
evidence-sentence = { $party } signed both of these checkpoints.
evidence-split = They have the same size and different roots.
evidence-shrunk = The later one is smaller than the earlier one.
evidence-proof = The later one does not continue the earlier one.
evidence-found = Found
evidence-what-to-do = Keep this page. Ask the other desk by telephone whether its node was restored from a backup; a restore comes with a signed statement and is shown as such. Until that is settled, its receipts are not taken as proof.
evidence-kept = Kept from before
evidence-shown = Shown now

## Settings

settings-own = Yours
settings-keys = API keys
settings-users = Users
settings-node = Node
settings-preferences = Language and colours
settings-password = Password
settings-password-button = Change password
field-theme = Colours
field-interface-language = Language of the pages
field-old-password = Password now
keys-empty = No API keys
keys-empty-why = A key lets a program do some of what you may do, until a day that you set.
key-label = Label
key-scopes = May be used to
key-until = Valid until
key-used = Last used
key-revoke = Revoke
key-revoked = revoked
key-new = New API key
key-make = Make key
key-made = Copy the key now. It is not shown again.
field-label = Label
field-scopes = May be used to
field-until = Valid until
scope-incidents-read = read incidents
scope-incidents-write = write incidents
scope-exchange-read = read threads
scope-exchange-write = send messages
scope-directory-read = read the directory
scope-directory-write = change the directory
scope-ledger-read = read ledgers
scope-admin = administer
user-name = Name
user-roles = Roles
user-state = State
user-seen = Last signed in
user-state-active = active
user-state-disabled = disabled
user-reset = One-time code
user-disable = Disable
user-enable = Enable
user-new = New user
user-make = Add user
user-code-made = One-time code for { $name }. Hand it over in person or by telephone; it is not shown again.
field-roles = Roles
role-admin = administrator
role-duty-officer = duty officer
role-analyst = analyst
role-diplomat = diplomat
role-policy-officer = policy officer
role-reporter = reporter
role-auditor = auditor
node-version = Version
node-party = Party
node-database = Database
node-address = Address for other nodes
node-fingerprint = Root fingerprint
node-mode = Data

## Said once after an act

flash-saved = Saved.
flash-sent = Sent. The receipt appears under the message as soon as it is here.
flash-added = Added.
flash-removed = Removed.
flash-password-changed = Password changed.
flash-key-revoked = Key revoked.
flash-user-added = User added.
flash-user-changed = User changed.
flash-party-added = Party added.
flash-preferences = Kept.
flash-mode-real = You now see real data.
flash-mode-exercise = You now see exercise data.
flash-refused = That could not be done: { $why }

## Problems: what and why; what to do stands in the key that ends in -advice

status-400 = Not understood
status-401 = Not signed in
status-403 = Not allowed
status-404 = Not found
status-405 = Not possible here
status-409 = Changed meanwhile
status-413 = Too large
status-415 = Not readable
status-422 = Not understood
status-429 = Too often
status-500 = Our fault
status-503 = Not now
error-id = Id for your administrator:
way-back = Back
way-desk = To the desk
way-sign-in = Sign in
problem-400 = Something in the request is not as it should be.
problem-400-advice = Go back, look at what you entered and try again.
problem-401 = You are not signed in.
problem-401-advice = Sign in. What you had typed is still on the page before.
problem-403 = Your roles do not include this.
problem-403-advice = If you need it, ask an administrator of your node for the role.
problem-404 = There is nothing here, or nothing that you may see.
problem-404-advice = Check the address. Data of an exercise is shown in exercise mode only.
problem-405 = This address does not take requests of that kind.
problem-405-advice = Go back and use the buttons of the page.
problem-409 = It has changed since you looked.
problem-409-advice = Open it again and look at what is new.
problem-413 = This is larger than the node takes.
problem-413-advice = Send less at once, or split it.
problem-415 = The node cannot read this kind of file.
problem-415-advice = Send it in another format.
problem-422 = Something in the request is not as it should be.
problem-422-advice = Go back, look at what you entered and try again.
problem-429 = Too many requests in a short time.
problem-429-advice = Wait a minute and try again.
problem-500 = Something went wrong in the node. Nothing of what you did was half saved.
problem-500-advice = Try again. If it stays, tell an administrator the id below.
problem-503 = The node cannot do this at the moment.
problem-503-advice = Wait a moment and try again. Messages that were queued are kept.
error-csrf-token = The page was open too long, or the request came from elsewhere.
error-csrf-token-advice = Go back, load the page anew and do it again.
error-incident-not-found = There is no such incident, or none that you may see.
error-incident-stale = The incident was saved by somebody else while you were writing.
error-incident-invalid = Something in the incident is not as it should be: { $field }.
error-incident-transition = The incident cannot take this step from where it stands.
error-incident-too-many = There are more entries than an incident can hold.
error-incident-shipped-unreadable = The data that ships with the program cannot be read.
error-thread-foreign = The message names a thread of another party.
error-header-too-large = The head of the message is too large.
error-header-format-version = The message is in a format that this node does not know; one of the two nodes is out of date.
error-header-malformed = The head of the message cannot be read.
error-header-not-canonical = The head of the message is not written in the one allowed form.
error-header-invalid = The head of the message breaks a rule.
error-header-copy-differs = Head and body of the message do not agree.
error-header-kind = The kind of the message is not well formed.
error-header-wrong-addressee = The message is addressed to somebody else.
error-header-wrong-sender = The message does not come from whom it names.
error-header-exercise-mismatch = Real and exercise are mixed.
error-header-kind-unknown = The kind of the message is not known here.
error-header-parent-differs = The message follows a message that is another one here.
error-envelope-malformed = The envelope cannot be read.
error-envelope-bad-signature = A signature on the envelope is not valid.
error-envelope-file-differs = A sealed file is not the one that was signed.
error-envelope-too-large = The envelope is too large.
error-keyset-expired = The key set of the sender has expired.
error-keyset-revoked = The key of the sender was revoked.
error-keyset-unknown = The key set of the sender is not known yet.
error-body-unopenable = The sealed text cannot be opened with the keys of this node.
error-body-copy-differs = Head and body of the message do not agree.
error-body-commitment-differs = The text is not the one that the signed head commits to.
error-body-invalid = The body of the message breaks a rule of its kind.
error-message-conflict = Another message bears the same id.
error-node-busy = The node has too much to do at the moment.
error-node-storage = The node cannot store anything at the moment.
error-db-locked = The database is locked by another program.
error-db-read-only = The database cannot be written to.
error-db-full = The disk is full.
error-db-busy = The database is busy.
error-db-unreachable = The database cannot be reached.
error-db-conflict = Two changes met; one of them was not made.
