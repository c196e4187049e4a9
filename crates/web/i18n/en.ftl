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
reset-title = Set a new password
reset-intro = The code comes from an administrator of your node. It works once and for a short time.
reset-button = Set password and sign in
field-name = Name
field-password = Password
field-code = One-time code
field-new-password = New password
hint-new-password = At least 15 characters. A few words in a row are easy to remember and hard to guess.

## Forms

form-optional = (optional)
form-cancel = Cancel
form-wrong-heading = Not saved yet: please look at these fields
form-save = Save
form-add = Add
form-preview = Preview: who will see this
wrong-confirm = This is not the name of the addressee. Type it as it stands above.
wrong-past = This must lie in the future.

## Desk

desk-waiting = Waiting for you
desk-within = { $within } of { $all } within time
desk-waiting-for-others = Waiting for others
desk-empty = Nothing waits for you
desk-empty-why = Requests from other parties appear here with their clocks, the most urgent first. Once one is overdue, the telephone number of the other desk can be shown beside it.
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
desk-weeks =
    { $n ->
        [one] 1 new in { $weeks } weeks
       *[other] { $n } new in { $weeks } weeks
    }
desk-weeks-label = Incidents entered in each of the last { $weeks } weeks, the running week last: { $counts }
desk-week = Week from { $from }: { $n }
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
news-unreachable = { $party } cannot be reached
alarm-split-view = { $party } showed two ledgers that cannot both be true
alarm-peer-restored = { $party } says that its node was restored from a backup
alarm-conflict = { $party } sent two different messages under one id
alarm-damaged = An envelope that named { $party } as its sender was refused
alarm-refused = { $party } refused a message of ours
alarm-altered-on-the-way = { $party } got something else than we sent
alarm-bad-receipt = A receipt of { $party } does not hold
alarm-contradiction = { $party } contradicts its own receipt
alarm-undeliverable = A message to { $party } cannot be delivered
alarm-gap = { $party } and this node do not hold the same messages
alarm-other = Something between this node and { $party } needs a look
alarm-seen = Seen
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
incident-notify = Notify a State
incident-ask = Ask to mitigate
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
stage-close = Close the incident
stage-reopen = Investigate again
stage-about-open = Nobody works on it yet.
stage-about-investigating = Somebody works on it. Contained means that it does no further harm.
stage-about-contained = It does no further harm. Once nothing more is to be done, close it; if it flares up, investigate again.
stage-about-closed = Nothing more is to be done. If it flares up, investigate again.
incident-kind-incident = Incident
incident-kind-campaign = Campaign
determination-suspected = Suspected
determination-confirmed = Confirmed
determination-blocked = Blocked
determination-failed-attempt = Failed attempt
determination-false-positive = False alarm
severity-level = Severity { $level } of 5
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
cross-border-yes = Yes
cross-border-no = No
field-title = Title
field-description = What happened
field-kind = Kind
field-victims = States concerned
hint-victims = The States whose people or systems were hit. Leave it empty where that is not known.
hint-victims-codes = Two-letter codes with commas between them, such as FR, KE. Leave it empty where the States are not known.
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
timeline-empty = No events yet
timeline-empty-why = Events are drawn as exactly as they are known: a month as a month, a minute as a minute.
timeline-sent = { $kind } sent to { $party }
timeline-received = { $kind } received from { $party }
timeline-add = Add an event
field-at = When
field-what = What happened
field-source = Where it is told
field-by = Who says so
hint-by = A delegation, an authority, an organisation; not a person.
field-says = What is said
field-actor = Actor as stated
field-document = Document
field-note = Remark
field-link-label = What it is
field-link-target = Address
sources-empty = No statements yet
sources-empty-why = A statement says who told what, where and when. Attributions and denials stand here, side by side.
sources-note = Grades: A measured by the operator, B official record, C stated in a meeting or the press, D an actor’s own claim. Figures of different statements are never added up.
harm-what = What is counted
harm-value = How much
harm-grade = Grade
statement-actor = Actor as stated:
attribution-attribution = { $by } names { $actor }.
attribution-claim = { $by }: { $actor } is said to claim it.
attribution-denial = { $by } rejects that it was { $actor }.
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
unit-usd = US dollars
unit-percent = per cent
unit-month = months
unit-day = days
unit-attack = attacks
unit-wind-turbine = wind turbines
unit-vendor = vendors
unit-system = systems
unit-subscriber = subscribers
unit-state = States
unit-service = services
unit-procedure = procedures
unit-km = kilometres
unit-hospital = hospitals
unit-computer = computers
unit-centre = centres
unit-appointment = appointments
grade-a = A, measured by the operator
grade-b = B, official record
grade-c = C, stated in public
grade-d = D, an actor’s claim
links-empty = Nothing linked yet
links-empty-why = Threads about the incident are linked by themselves when you write about it. Reports and other pages can be added by hand.
links-what = What
links-kind = Kind
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
act-incident-created = Added
act-incident-edited = Facts changed
act-incident-imported = Imported
act-incident-exported = Exported
act-incident-investigated = Investigation begun
act-incident-contained = Marked as contained
act-incident-closed = Closed
act-incident-reopened = Reopened
act-incident-timeline-added = Event added
act-incident-harm-added = Figure of harm added
act-incident-statement-added = Statement added
act-incident-linked = Linked
act-incident-unlinked = Link removed
act-incident-attached = File attached
act-access-signed-in = Signed in
act-access-signed-out = Signed out
act-access-blocked = Sign-in blocked after too many tries
act-access-mode-changed = Changed between real and exercise
act-user-created = User added
act-user-changed = User changed
act-user-reset = One-time code made
act-user-password-set = Password set
act-key-created = API key made
act-key-revoked = API key revoked
act-key-rotated = Working keys replaced
act-node-backed-up = Backup written
act-node-restored = Restored from a backup
act-message-sent = Message sent
act-message-removed = Text of a withdrawn message removed
act-message-retried = Delivery tried again
act-message-file-read = File of a message read
act-file-put = File put for a message
act-thread-evidence = File of evidence taken
act-directory-party-added = Party added
act-directory-trust = Trust in a party changed
act-directory-key-set = Key set accepted
act-directory-contact-added = Desk added
act-directory-contact-changed = Desk changed
act-directory-looked = Looked at contact data
act-directory-card-exported = Own card written
act-directory-addresses = Own addresses changed
act-node-came-back = Node came back from a backup
act-federation-thawed = Ledger of a party believed again
act-federation-alarm-seen = Alarm noted as seen
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
thread-untitled = (without a subject)
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
thread-acts-none = Nothing is asked of you at the moment.
thread-acts-none-closed = The thread is closed. A new request opens it again.
thread-acts-none-role = Your roles let you read this thread, not write in it.
thread-also-with = also with { $party }
thread-earlier = Show the { $n } earlier messages
thread-clocks = Clocks
thread-desks = Parties and desks
thread-incident = Incident
thread-files = Files
thread-history = Done here, by { $party }
thread-history-older = { $n } earlier
deed-sent = Sent: { $kind }
deed-about = { $act }: { $kind }
who-key = API key { $name }
who-node = this node
thread-closes = Closes by itself if the other side stays silent until
thread-asks = Ask something else in this thread:
call-show = Show the telephone number
call-none = No telephone number is listed.
call-reason = Overdue request in { $thread }
withdraw = Withdraw
retry = Try again now
compose-follows = The message that you follow:
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
mark-attempts = { $n } tries so far
mark-carried-note = travels by pouch
gone-withdrawn-by-us = This message was withdrawn by its sender. { $party } has not yet stated that it removed it.
gone-withdrawn = This message was withdrawn by its sender.
gone-unreadable = The text cannot be opened with the keys of this node.
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

field-kept = Files that are here already
field-incident = Incident
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
field-confidence = How sure you are
field-requested-action = What you ask for
field-indicators = Indicators, one a line
field-window-from = Observed from (UTC)
field-window-to = Observed until (UTC)
field-victim-sector = Sector of those hit
field-no-attribution = No attribution to a State is implied
field-questions = Questions, one a line
field-why = What it is for
field-permitted-use = What you will use the answer for
field-assets = What it is about, one a line
hint-assets = Addresses, domains, hashes: as exactly as you have them, with times.
field-measures = Measures that you ask for
field-least-harm = How to keep harm to others small
field-handler = Who handles it
field-next-update = Next word from you by (UTC)
field-decision = Decision
field-decline-reason = Reason
field-restrictions = What the other side must not do with this
field-items = Questions or answers, one a line
field-situation = How things stand
field-impact = How the effect has changed
field-outcome = Outcome
field-lessons = Lessons
field-task = Task
confidence-low = low
confidence-moderate = moderate
confidence-high = high
likelihood-almost-no-chance = almost no chance (1–5 %)
likelihood-very-unlikely = very unlikely (5–20 %)
likelihood-unlikely = unlikely (20–45 %)
likelihood-roughly-even = roughly even chance (45–55 %)
likelihood-likely = likely (55–80 %)
likelihood-very-likely = very likely (80–95 %)
likelihood-almost-certain = almost certain (95–99 %)
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
outcome-false-alarm = false alarm
outcome-moved-elsewhere = goes on elsewhere
withdrawal-error = sent in error
withdrawal-misdirected = sent to the wrong desk
withdrawal-superseded = replaced by another message
withdrawal-no-longer-needed = no longer needed
withdrawal-other = other
work-assessing = being assessed
work-acting = being acted on
work-waiting = waiting for others
work-done = done
action-planned = planned
action-under-way = under way
action-done = done
field-actions-done = What you have done, one a line
field-actions-planned = What you will do, one a line
field-refer-to = To whom you refer it
field-withdrawal-reason = Why it is withdrawn
field-task-result = Result of the task
said-requested-action = Asked for
said-indicators = Indicators
said-from = Observed from
said-until = Observed until
said-victim-sector = Sector of those hit
said-likelihood = Likelihood
said-confidence = Confidence
said-questions = Questions
said-answers = Answers
said-why = What it is for
said-permitted-use = Use of the answer
said-assets = What it is about
said-measures = Measures asked for
said-least-harm = To keep harm small
said-urgency-basis = Why it is urgent
said-handler = Who handles it
said-next-update-by = Next word by
said-decision = Decision
said-reason = Reason
said-refer-to = Referred to
said-actions = Actions
said-removed-at = Removed
said-restrictions = Restrictions
said-state = How things stand
said-impact-change = How the effect changed
said-withdrawal = Why
said-outcome = Outcome
said-lessons = Lessons
said-task = Task
said-task-result = Result
said-claimed-by = Claimed by
said-handling = Handling
said-legal-basis = Legal basis
norm-n-a = Co-operation to increase stability and security in the use of ICTs
norm-n-b = All relevant information is considered when an incident occurs
norm-n-c = A territory is not knowingly allowed to be used for internationally wrongful acts using ICTs
norm-n-d = Exchange of information and assistance against criminal and terrorist use of ICTs
norm-n-e = Respect for human rights and fundamental freedoms
norm-n-f = No damage to critical infrastructure contrary to obligations under international law
norm-n-g = Protection of one’s own critical infrastructure
norm-n-h = Response to appropriate requests for assistance
norm-n-i = Integrity of the supply chain, no harmful hidden functions
norm-n-j = Responsible reporting of vulnerabilities
norm-n-k = No harm to the information systems of emergency response teams
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
audience-one-desk = TLP:RED: at { $party } only { $desk } may read it, and may not pass it on.
audience-house = At { $party } it may be passed on within the organisation to those who need to know, and to nobody outside.
audience-house-and-clients = At { $party } it may be passed on within the organisation and to its clients, to those who need to know.
audience-community = { $party } may pass it on within its community, not in public.
audience-everybody = { $party } may pass it on to anybody.
preview-witness-sentence = Witnesses see that a message exists, its time and a salted digest. They cannot see between whom or about what.
preview-open = Exactly this can be read on both nodes
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
proof-sentence = { $party }’s ledger shows this message as entry { $entry }; the receipt is here since { $at }; checked by you and by { $witnesses ->
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
check-envelope = The envelope can be read and names this message.
check-keys = The key sets of { $party } are signed by one root key and follow each other.
check-root = The root key of { $party } is the one that was compared.
check-envelope-signatures = Both signatures of { $party } on the envelope are valid.
check-envelope-time = The keys of { $party } were valid at that time.
check-envelope-body = The sealed text is the one that the signed head names.
check-receipt = The receipt is of the ledger of { $party }.
check-receipt-format = The receipt can be read.
check-receipt-record = The record is the one whose digest stands in the ledger.
check-receipt-act = The record says that the message was received.
check-receipt-payload = The record names this message and no other.
check-receipt-subject = The record bears the id of this message.
check-receipt-inclusion = The entry stands in the tree of the checkpoint.
check-receipt-ledger-ed25519 = The classical signature of { $party }’s ledger is valid.
check-receipt-ledger-mldsa44 = The post-quantum signature of { $party }’s ledger is valid.
check-receipt-signatures = No signature on the checkpoint is one too many.
check-receipt-witnesses = As many witnesses cosigned as { $party } asks for.
check-receipt-witness-keys = The keys of the witnesses can be read.
check-receipt-regions = The witnesses are of as many regions as { $party } asks for.
check-receipt-revocation = The ledger key of { $party } was not revoked before a witness saw it.

technical-entry = Entry
technical-tree-size = Tree size
technical-root = Root hash
technical-header = SHA-256 of the header
technical-origin = Origin
technical-keyset = Key set
technical-message = Message

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
party-card = Card of this party
field-address = Address of its node
hint-address = HOST:PORT, where its node listens for others. The card is fetched from there.
field-card = Or its card
hint-card = The file that the other party made of itself.
party-threads = Threads
party-state-active = active
party-state-waiting = fingerprint not compared
party-state-frozen = receipts frozen
party-state-removed = removed
party-state-no-node = has no node
party-frozen-why = { $party } showed two ledgers that cannot both be true. Its messages still arrive; its receipts are not taken as proof until somebody has looked into it.
party-add-intro = Name the address of the other party’s node, or take the card that it made of itself, and enter the fingerprint of its root key as you got it over another channel. The two must agree; nothing is sent before they do.
party-compare-warning = Get the fingerprint by telephone, at a meeting or through a mission, never by the way on which the card came: whoever stands between you could change both.
field-fingerprint = Fingerprint as you got it over the other channel
hint-fingerprint = The words in order, the line of hex, or the text of the QR code.
party-pin = I have compared it: add the party
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
hint-languages = Tags with commas between them, such as en, fr.
hint-time-zone = Such as UTC or Africa/Nairobi.

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
evidence-split-view = They have the same size and different roots.
evidence-inconsistent = The later one does not continue the earlier one.
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
field-days = Valid for how many days (at most { $max })
scope-incidents-read = read incidents
scope-incidents-write = write incidents
scope-exchange-read = read threads
scope-exchange-write = send messages
scope-directory-read = read the directory
scope-directory-write = change the directory
scope-intel-read = read collections
scope-intel-write = add to collections
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
field-display = Name for people
hint-name = Small letters, digits, full stops and hyphens.
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
node-fingerprint = Root fingerprint
node-mode = Data

## Said once after an act

flash-saved = Saved.
flash-sent = Sent. The receipt appears under the message as soon as it is here.
flash-not-sent-twice = This message was sent already. Write a new one if there is more to say.
flash-retried = It is being tried again.
flash-added = Added.
flash-seen = Noted. Nobody is shown this alarm again; it stays in the ledger of acts.
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
error-access-unauthenticated = You are not signed in.
error-access-bad-credentials = Name and password or code do not fit, or the account is disabled.
error-access-throttled = Too many tries. Wait { $seconds } seconds.
error-access-throttled-advice = Wait a little. If these were not your tries, tell an administrator.
error-access-forged = The page was open too long, or the request came from elsewhere.
error-access-forged-advice = Go back, load the page anew and do it again.
error-access-no-user = There is no such user.
error-access-no-key = There is no such API key.
error-access-name-taken = This name is taken.
error-access-stale = The user was changed by somebody else meanwhile.
error-access-last-admin = The last administrator has to stay one.
error-access-too-many-keys = You hold as many keys as there may be: { $max }.
error-access-invalid = This cannot be taken as it stands.
error-access-no-party = The node does not know yet whose it is.
error-access-no-party-advice = An administrator has to set it up on the machine: comity init.
error-access-no-door = The request came in by a way that the node does not know.
error-access-hashing = The password could not be stored.
error-access-not-recorded = The act could not be recorded, so it was not done.
error-request-key-reused = This was sent already, with other words. Look into its thread.
error-access-not-found = There is nothing here, or nothing that you may see.
error-access-role = Your roles do not include this.
error-access-scope = The API key does not reach so far.
error-access-peer = Only another party’s node may do this.
error-access-person = Only a person may do this.
error-access-mode = Real and exercise are kept apart: this is of the other mode.
error-access-mode-advice = Change the mode in the menu of your account, and look again.
error-access-tlp = The marking does not let you see this.
error-access-forbidden = This is not allowed.
error-access-untrusted-party = The party is not trusted at the moment, so nothing goes to it.
error-access-desk-not-named = TLP:RED goes to a named desk only.
error-access-onward = Something in it came from others under a marking that does not let it go on.
error-access-marking-weaker = The marking is weaker than that of something in it.
error-request-not-found = There is nothing here.
error-request-too-large = This is larger than the node takes.
error-request-too-many = Too many requests in a short time.
error-request-unreadable = The request cannot be read.
error-request-media-type = The node cannot read this kind of file.
error-request-page = This page of the list is not there any more.
error-request-page-advice = Begin again from the first page.
error-directory-not-listed = Contact data is shown to users of listed parties only.
error-directory-no-party = There is no such party in the directory.
error-directory-no-such-party = There is no such party in the directory.
error-directory-no-contact = There is no such desk.
error-directory-other-root = The party is known with another root key.
error-directory-other-root-advice = Ask the party by telephone. Only when it confirms the change, remove the old entry and add it anew.
error-directory-fingerprint-differs = The card does not bear the fingerprint that you entered.
error-directory-fingerprint-differs-advice = Compare once more. If it still differs, do not add the party, and tell it over another channel.
error-peer-no-answer = Nobody answers at this address.
error-peer-no-card = Whoever answers at this address gives no card.
error-peer-other-key = Whoever answers at this address does not hold the key that the root of that party has signed.
error-directory-card = The file is not a card of a party.
error-directory-own = This is the party that runs the node itself.
error-directory-too-many = There are as many entries as there may be.
error-directory-stale = The entry was changed by somebody else meanwhile.
error-directory-invalid = This cannot be taken as it stands.
error-directory-not-recorded = The act could not be recorded, so it was not done.
error-incident-unwritable = The entry cannot be written.
error-federation-no-peer = Nothing is known of this party’s node.
error-federation-statement = The statement that a node was restored cannot be taken.
error-federation-no-message = There is no such message.
error-federation-not-composed = The message could not be made.
error-federation-file-not-wanted = Nobody asked for this file.
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
error-incident-not-found = There is no such incident, or none that you may see.
error-intel-not-found = There is no such collection or object.
error-intel-stale = The collection was changed by somebody else while you were writing.
error-intel-taken = Another collection has that name.
error-intel-read-only = You may read this collection and not add to it.
error-intel-invalid = A value is not allowed.
error-intel-unreadable = This is no bundle or envelope of STIX objects.
error-intel-no-warninglist = This is no warninglist in MISP's format.
error-intel-no-taxonomy = This is no taxonomy in MISP's format.
error-intel-no-galaxy = This is neither a galaxy in MISP's format nor its clusters.
error-intel-no-galaxy-of = The galaxy of these clusters is not here: it comes first.
error-intel-library-older = A newer version is here already.
error-intel-not-taken = The collection does not take it.
error-intel-too-many = That is more than is allowed.
error-intel-event-exists = The event is there already.
error-intel-event-older = The event is not newer than the one that is there.
error-intel-event-deleted = It was deleted from this collection and does not come back by itself.
error-intel-event-taken = An event of this UUID cannot be added to this collection.
error-intel-event-ceiling = It is marked more strictly than this collection takes.
error-intel-event-foreign = Another organisation made this event; only that organisation changes it.
error-intel-event-elsewhere = A part of this UUID cannot be added to this event.
error-intel-event-similar = The event has such an attribute already.
error-intel-event-uuid = That is no UUID.
error-intel-event-no-place = Name the collection to write to in the address.
error-intel-event-invalid = A value of the event is not allowed.
error-intel-remote-running = An exchange with this server is under way.
error-intel-remote-disabled = Exchanges with this server are switched off.
error-intel-remote-overtaken = The exchange was changed or taken over meanwhile.
error-intel-remote-sealed = The credentials cannot be opened. Give them again.
error-intel-remote-state = The state of the exchange cannot be written.
error-taxii-not-acceptable = This address answers in TAXII 2.1 alone.
error-taxii-media-type = This address takes envelopes of TAXII 2.1 alone.
error-taxii-query = The query cannot be read.
error-incident-stale = The incident was saved by somebody else while you were writing.
error-incident-invalid = This cannot be taken as it stands.
error-incident-transition = The incident cannot take this step from where it stands.
error-incident-too-many = There are more entries than an incident can hold.
error-incident-shipped-unreadable = The data that ships with the program cannot be read.
error-thread-not-found = There is no such thread, or none that you may see.
error-thread-not-allowed = This step is not open in the thread any more. Look at what is new in it.
error-thread-stale = Something else was asked in the thread meanwhile. Look at it before you close.
error-message-not-found = There is no such message, or none that you may see.
error-message-invalid = This cannot be taken as it stands.
error-message-no-desk = { $party } lists no desk that could be used.
error-message-answered-meanwhile = A colleague answered meanwhile. Look at the thread before you send another answer.
error-message-withdrawn = The message was withdrawn, and its text was removed.
error-message-unreadable = The text cannot be opened with the keys of this node.
error-file-not-found = A file is not here any more. Files that are not sent are kept for a day: choose it again.
error-file-bad-name = The name or the kind of this file cannot travel. Rename it and choose it again.
error-file-damaged = The file is not the one that its sender committed to. It is not shown.
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
error-db-newer = The database was used by a newer program. Run that one, or restore a backup made before the upgrade.
error-db-altered = A migration of the database is not the one of this program.
error-db-migration-failed = The database could not be brought up to date. It is as it was before.
error-db-not-durable = The database does not write durably, so the node does not use it.
error-db-constraint = The change breaks a rule of the database and was not made.
error-db-corrupt = A row of the database cannot be read.
error-db-statement = The database refused a statement.
error-statement-field-missing = Something is missing here.
error-statement-field-invalid = This cannot be used: it is too long, or not of the form asked for.
error-statement-field-count = There are too many entries here, or none.
error-statement-field-contradicts = Two fields contradict each other.
error-statement-unsubstantiated = Naming an actor or a State needs two independent pieces of evidence, another hypothesis and the authority that approved it.
error-statement-unknown-evidence = The statement refers to evidence that is not in the message.
error-file-too-large = The file is larger than was announced, or than any message may carry.
error-file-wrong-offset = The piece does not begin where the file stopped. Ask how much is there, and go on from there.
error-file-differs = The file came complete and is another one than the message names. It was discarded; send it again.
error-file-no-space = No space is left for files.
error-file-io = A file cannot be read or written.
error-node-returning = The node comes back from a backup and asks its peers what it lacks. It sends nothing until then; try again soon.
error-node-stopping = The node is stopping. Try again in a moment.
error-db-full = The disk is full.
error-db-busy = The database is busy.
error-db-unreachable = The database cannot be reached.
error-db-conflict = Two changes met; one of them was not made.

## Circles

circles = Circles
circles-intro = Lists of parties that share something. Each is kept and signed, version by version, by its steward.
circles-empty = No circles
circles-empty-why = Make one and invite parties, or ask a steward to let you in.
circle-name = Name
circle-purpose = What it is for
circle-steward = Steward
circle-our-place = We are
circle-members = Members
circle-members-n =
    { $n ->
        [one] 1 member
       *[other] { $n } members
    }
circle-version = Version
circle-version-n = version { $version }
circle-versions = Versions
circle-early = waits for those before
circle-make = Make a circle
circle-ask = Ask to be let in
circle-id = Id of the circle
circle-id-why = A party that wants to be let in needs it.
hint-circle-id = The steward tells it, over another channel.
circle-place-steward = its steward
circle-place-member = a member
circle-place-invited = invited
circle-place-out = not in it
circle-place-dissolved = nobody: it is dissolved
circle-asked-join = Asked to join:
circle-asked-leave = Asked to leave:
circle-delivery-planned = is being made
circle-delivery-queued = on its way
circle-delivery-sent = there, without a receipt yet
circle-delivery-receipted = received, with a receipt
circle-delivery-refused = refused
circle-delivery-undeliverable = not delivered, still being tried
circle-delivery-carried = carried in a pouch
circle-delivery-withdrawn = not sent
circle-join = Join
circle-leave = Leave
circle-requests = Ask to be let in
circle-admit = Let in
circle-decline = Decline
circle-joined = Joined
circle-not-joined = invited
circle-invited-by = Invited by
circle-told = Confirmed
circle-confirmed = version { $version }, by receipt
circle-remove = Remove { $party }
circle-invite = Invite a party
circle-describe = Change name and purpose
circle-dissolve = Dissolve the circle
circle-dissolve-why = Everybody in it is told. A circle that is dissolved does not come back.
circle-refused = Versions that were refused
circle-refused-note = { $party } signed versions of this circle that contradict each other or break its rules. They are kept as evidence.
flash-circle-made = The circle is there. Invite parties.
flash-circle-changed = Done. Everybody in the circle is being told.
flash-circle-asked = The steward is being asked.
act-circle-created = Circle made
act-circle-described = Circle described anew
act-circle-invited = Party invited to a circle
act-circle-admitted = Party let into a circle
act-circle-joined = Party joined a circle
act-circle-left = Party left a circle
act-circle-removed = Party removed from a circle
act-circle-dissolved = Circle dissolved
act-circle-declined = Request to be let into a circle declined
act-circle-received = Version of a circle received
act-circle-refused = Version of a circle refused
act-circle-asked = Party asks to be let into a circle
act-circle-join-asked = Asked to join a circle
act-circle-leave-asked = Asked to leave a circle
error-circle-not-found = There is no such circle.
error-circle-not-steward = Only its steward changes a circle.
error-circle-steward-stays = The steward belongs to the circle for as long as it is there. Dissolve it instead.
error-circle-already-member = The party belongs to the circle or is invited already.
error-circle-no-member = The party does not belong to the circle.
error-circle-no-request = The party does not ask to be let in.
error-circle-not-trusted = The party is no trusted party of the directory, so nothing can be sent to it.
error-circle-is-dissolved = The circle is dissolved.
error-circle-malformed = This is no version of a circle.
error-circle-too-large = The version of the circle is too large.
error-circle-bad-signature = It is not signed by the steward.
error-circle-foreign = The circle is another party’s, or of the other mode.
error-circle-fork = It contradicts a version that is held: the steward signed two histories.
error-circle-rollback = It is older than the version in force.
error-circle-crowded = Too much waits already.

## Collections
nav-intelligence = Intelligence
collections = Collections
collections-intro = Objects of STIX, kept in collections. Who reads what follows from the collection and from the label of each object.
collections-empty = No collections
collections-empty-why = A collection holds indicators, malware, reports and what relates them. Make one, then upload a file or connect a tool.
collections-empty-reader = None names you as a reader. Ask an analyst of this node.
collection-make = Make a collection
collection-title = Collection
collection-about = What it is for
collection-alias = Short name
hint-collection-alias = For addresses and commands: a-z, 0-9, - and _.
collection-unmarked = Label of what comes unmarked
hint-collection-unmarked = An object without a label gets this one. It is never CLEAR.
collection-unmarked-short = Unmarked is
collection-ceiling = Strictest label that it takes
hint-collection-ceiling = What is marked above it is refused.
collection-ceiling-short = takes up to
collection-root = Root
collection-changed = Last change
collection-no-object = nothing yet
collection-settings = Settings and readers
collection-edit = Change title and labels
collection-delete = Delete the collection
collection-delete-why = All objects in it go with it. Those that stand in other collections stay there. This cannot be undone.
collection-delete-confirm = Type the title of the collection
collection-taxii = TAXII address
objects = Objects
objects-n = { $n ->
    [one] one object
   *[other] { $n } objects
}
objects-empty = Nothing in it yet
objects-empty-why = Upload a bundle, a MISP event or a list of indicators. You see what would become of each object before anything is kept.
objects-empty-reader = There is nothing here that you may see.
objects-none-match = Nothing found
objects-searched = { $n ->
    [one] One object was looked at.
   *[other] { $n } objects were looked at, the newest first.
}
object = Object
object-type = Type
object-types = Types
object-added = Added
object-revoked = revoked
object-revoked-why = Whoever made this object took it back. Do not use it any more.
object-unmarked = label of the collection
object-facts = Properties
object-not-here = Not in this collection, or not for you.
object-json = The object as it was given
object-id = Id
object-versions = Versions
object-elsewhere = Also in
object-nowhere = no other collection that you see
object-delete = Take it out
object-delete-why = It goes from this collection with all versions, and stays out, however often it is sent again.
object-gone = It was taken out
object-gone-why = Whoever sends it again is told that it was taken out. You can let it come back.
object-restore = Let it come back
object-search = Search objects
object-search-label = Id, name or value
object-search-help = Looks into every collection that you see. An id is found at once; other texts are looked for in the newest objects first.
object-search-cut = Not looked at to the end, go on there:
seers = Who sees this
seers-then = Who would see it then
seers-house = Everybody of this house who may read intelligence, up to TLP:AMBER+STRICT.
seers-named = { $name }, by name.
seers-parties = Named for sharing: { $names }. What leaves obeys the label of each object.
seers-red = TLP:RED: only { $names }.
seers-red-nobody = TLP:RED: nobody, until somebody is named one by one.
readers = Readers
readers-n = { $n ->
    [0] this house
    [one] this house and one more
   *[other] this house and { $n } more
}
readers-house = this house
readers-none = Nobody is named. The house reads it all the same.
reader = Reader
reader-kind = Kind
reader-kind-user = user
reader-kind-key = API key
reader-kind-party = party
reader-kind-circle = circle
reader-right = May
reader-reads = read
reader-writes = read and add
reader-remove = Remove
reader-add = Name a reader
reader-party = Party, circle or person
reader-other = Or an id
hint-reader-other = user--…, key--…, party--… or circle--…
reader-may-write = May also add objects
reader-look = See who would see it
collection-readers-confirm = Set these readers
upload = Upload
upload-title = Upload a file
upload-intro = STIX 2.1 or 2.0, MISP events, CSV, JSON and plain lists of indicators. What it is is seen from what is in it. Nothing is kept in the collection before you say so.
upload-file = File
hint-upload-file = One file, up to 50 MB, not compressed.
upload-text = Or paste it
hint-upload-text = One value a line, or any of the formats above.
upload-look = See what would come
upload-another = Upload another file
upload-large = Larger files
upload-large-why = On the machine of the node, or by its API in pieces, up to 2 GB:
import = Import
import-no-name = Pasted text
import-would = What would become of it
import-no-object = no object
import-labels = Labels
import-label-own = carried by the objects
import-label-ours = of the collection
import-nothing-new = Nothing would be added.
import-confirm = Import into { $title }
import-confirm-why = A job takes it in and reports to the last object. You can leave this page.
import-begin = Import
import-discard = Discard
import-first = The first objects
import-fate = What becomes of it
import-broken = The file cannot be read to its end. What comes before that would be taken, and the import would say that it was cut.
import-not-whole = The file is long: these are its first objects. The import reads all of it.
import-cut = Not complete: the file could not be read to its end. What came before is in the collection.
import-running = { $n ->
    [one] One object so far.
   *[other] { $n } objects so far.
}
import-look-again = Look again
import-receiving = The file is not whole. Its sender has not finished.
import-added = added
import-known = there already
import-refused = refused
import-refusals = Refused
import-refused-n = { $n ->
    [one] one in all
   *[other] { $n } in all
}
import-number = Number in the file
import-why = Why
import-see = See the collection
imports-yours = Your imports
import-state-receiving = not whole
import-state-waiting = waits for you
import-state-running = running
import-state-complete = complete
import-state-cut = not complete
fate-new = new
fate-version = another version
fate-known = there already
fate-conflict = conflict
fate-refused = refused
file-format-stix = STIX
file-format-misp = MISP
file-format-plain = plain list
file-format-hosts = hosts file
file-format-adblock = ad block list
file-format-dnsmasq = dnsmasq list
file-format-table = table
file-format-stix-patterns = STIX patterns
file-format-json = JSON list
losses = Not carried over
losses-why = What the other format has no place for.
loss-what = What
loss-where = Where
loss-count = Times
export = Export
export-title = Export
export-intro = Everything that you see of this collection, up to a label that you choose. You see what would be lost before you download.
export-format-label = Format
export-format-stix = STIX 2.1 bundle
export-format-stix-lines = STIX 2.1, one object a line
export-format-misp = MISP events
export-format-csv = CSV table
export-format-values = List of values
export-format-suricata = Suricata rules
export-max = Strictest label
export-look = See what would leave
export-objects = { $n ->
    [one] One object would leave
   *[other] { $n } objects would leave
}
export-not-whole = There are more: these figures are of the first 20,000.
export-nothing-left-out = No label keeps anything back.
export-left-out = Kept back by their label:
export-unmarked = { $n ->
    [one] One object carries no label of its own. Whoever gets the file must know that it is
   *[other] { $n } objects carry no label of their own. Whoever gets the file must know that they are
}
export-recorded = The download is recorded in the ledger of acts.
export-download = Download
tools = Connect your tools
tools-intro = OpenCTI, Sentinel, MISP and any program that knows TAXII 2.1 read and write collections with a key of yours. A tool sees what you see, and no more.
tools-no-https = You reach this node without HTTPS: a key that goes over the network would be seen. Put a proxy with a certificate before it first.
tools-step-key = 1. Make a key
tools-key-how = Choose the scope “read intelligence”, and “write intelligence” for tools that add objects. The key is shown once.
tools-make-key = Keys
tools-step-address = 2. Give your tool the address
tools-taxii-how = Most tools ask for the discovery address; some for the root. User and password work too: any user name, and the key as the password.
tools-discovery = Discovery
tools-header = Header
tools-step-check = 3. Does it work?
tools-key = Key
hint-tools-key = Paste it as your tool has it. It is tried and not kept.
tools-check = Try it
tools-no-key = This is no key: it begins with comity_ and has two parts.
tools-unknown-key = No such key, or it has expired or was revoked. Make another one.
tools-foreign-key = This is another user’s key. Its owner can try it.
tools-works = { $n ->
    [0] The key works. It sees no collection yet.
    [one] The key works. It sees one collection.
   *[other] The key works. It sees { $n } collections.
}
tools-other-mode = { $n ->
    [one] The key works for the other mode, real or exercise, and sees one collection there.
   *[other] The key works for the other mode, real or exercise, and sees { $n } collections there.
}
flash-collection-made = The collection is there. Upload a file, or connect a tool.
flash-collection-saved = Saved.
flash-collection-readers-set = The readers are set.
flash-collection-deleted = The collection is gone.
flash-object-deleted = It was taken out, and stays out.
flash-object-restored = It may come again.
flash-upload-kept = Nothing is in the collection yet. Look, and then import.
flash-import-begun = It is being imported.
flash-import-discarded = The file is forgotten.
act-intel-exported = Collection exported
act-intel-collection-deleted = Collection deleted
error-intel-not-waiting = The import has begun already, or its file is not whole.
error-intel-file-empty = The file is empty.
error-intel-file-warninglist = This is a warninglist: it says what is mostly no threat, and does not belong into a collection.
error-intel-file-warninglist-advice = Take it in under Warninglists, or give it to “comity match” as a list.
error-intel-file-manifest = This is the manifest of a MISP feed: it names events and has none.
error-intel-file-manifest-advice = Upload the files of the events.
error-intel-file-openioc = This is OpenIOC, which is not read.
error-intel-file-openioc-advice = Convert it to STIX or to a list.
error-intel-object-unreadable = The object cannot be read.
error-intel-no-object = This is no object of JSON.
error-intel-id = Its id is no id of STIX, or not of its type.
error-intel-moment = Its time of change cannot be read.
error-intel-canonical = It has no canonical form.
error-intel-deleted = It was taken out of this collection and stays out.
error-intel-ceiling = It is marked above what the collection takes.
error-intel-foreign = Somebody else gave this object; they and the house alone give versions of it.
error-intel-conflict = This version is here already with other content.
error-intel-entry = The entry cannot be read.
error-intel-no-pattern = STIX has no pattern for such a value.
error-intel-convert = It could not be turned into an object.
error-intel-lift = It could not be turned into STIX 2.1.
# Collections shared with other parties
sharing = Sharing
sharing-intro = Collections that travel between nodes, and whether both sides hold the same.
sharing-empty = No peers
sharing-empty-why = Add a party with a node to the directory first.
sharing-with = Sharing with { $party }
sharing-outgoing = They get
sharing-incoming = They share
sharing-outgoing-none = No collection goes there. Name the party or a circle among the readers of a collection.
sharing-incoming-none = No collection comes from there.
sharing-differences = Differences
sharing-unstated = Removals not confirmed
sharing-party = See the party
sharing-nobody = Goes to no other party. Name a party or a circle among its readers to share it.
sharing-unstated-n =
    { $n ->
        [one] 1 removal not confirmed
       *[other] { $n } removals not confirmed
    }
sharing-offered-n =
    { $n ->
        [one] 1 to decide
       *[other] { $n } to decide
    }
sharing-heard = Last heard
sharing-compare = Compare now
sharing-again = Send again
sharing-accept = Keep what comes
sharing-decline = Decline
sharing-offer = { $party } shares this collection with us. Nothing of it is opened until somebody decides.
sharing-offer-label = It takes objects up to TLP:{ $tlp }.
sharing-waiting-n =
    { $n ->
        [one] 1 message waits.
       *[other] { $n } messages wait.
    }
sharing-traffic = All messages
sharing-they-have = Sent, with their receipt
sharing-we-have = Received, with our receipt
sharing-no-gaps = No message is missing on either side.
sharing-traffic-they-miss = They gave a receipt for it and do not have it
sharing-traffic-we-miss = They have our receipt and we do not have it
sharing-traffic-we-forgot = They have it from us and we do not know of it
sharing-traffic-differs = Both have it, with different headers
sharing-verdict-unknown = Not compared yet
sharing-verdict-agrees = Both hold the same
sharing-verdict-behind = Messages are still on their way
sharing-verdict-waits = Waits for a decision
sharing-verdict-differs = The two sides hold different objects
sharing-verdict-not-known = They do not know of it
sharing-out-active = goes there
sharing-out-ended = taken back
sharing-out-declined = not wanted there
sharing-in-offered = offered
sharing-in-accepted = kept here
sharing-in-declined = declined
sharing-in-ended = taken back
sharing-sequence = Messages
sharing-should-hold = They should hold
sharing-states = { $party } states
sharing-held = Held here
sharing-gap-they-miss = They miss
sharing-gap-they-keep = They should not have
sharing-removals = Removals
sharing-remove-n =
    { $n ->
        [one] 1 object
       *[other] { $n } objects
    }
sharing-remove-all = Everything
sharing-stated = { $party } states that it removed it
sharing-not-stated = { $party } has not stated that it removed it, since
sharing-onward-asked = those to whom it passed it on have not all stated so
sharing-onward-confirmed = so do those to whom it passed it on
sharing-pass-on = Passing on
sharing-pass-on-yes = CLEAR and GREEN objects may go to other parties
sharing-pass-on-no = not to other parties
sharing-unkept = Given and not kept
flash-sharing-compared = Compared.
flash-sharing-again = It is being sent.
flash-sharing-accepted = What comes is kept from now on.
flash-sharing-declined = The party is being told.
act-share-sent = Message about a collection sent
act-share-offered = Collection offered by another party
act-share-kept = Collection made for what another party shares
act-share-accepted = Shared collection accepted
act-share-declined = Shared collection declined
act-share-removed = Shared collection taken back by its steward
act-share-sent-again = Shared collection sent again
act-intel-onward-set = Whether a collection may be passed on
error-intel-theirs = This collection is another party's, which alone changes it.
error-intel-not-onward = The party whose collection this is does not let others pass it on.
error-share-not-found = There is no such share.
error-share-decided = This does not wait for a decision.
error-share-silent = The node of that party does not answer. It is asked again within the hour.
error-share-damaged = An attachment is not what its sender committed to.
error-share-foreign = The collection is another party's.
error-share-unknown = That collection is not shared.
error-share-sequence = That number was used before.
error-share-ahead = Too many messages before it are missing.
error-share-closed = The collection is not wanted, or was taken back.
error-share-crowded = That party shares too many collections.

## Servers of other makers

remotes = Feeds and servers
remotes-intro = MISP, MISP feeds and TAXII servers that fill collections of this node, or are filled from them, by themselves. Other Comity nodes stand under Sharing.
remotes-nodes = Comity nodes
remotes-empty = No feeds or servers
remotes-empty-why = Fill a collection from a MISP, a MISP feed or a TAXII server, or send one there. Before anything moves, a test says what works.
remote-add = Add a feed or server
remote-edit = Change
remote-which = What is it, and which way do objects go? Add it twice for both ways.
remote-choice-taxii-pull = Get from a TAXII server
remote-choice-taxii-push = Send to a TAXII server
remote-choice-misp-pull = Get from a MISP
remote-choice-misp-push = Send to a MISP
remote-choice-misp-feed-pull = Read a MISP feed
remote-choice-about-taxii-pull = OpenCTI, Sentinel, commercial feeds and others that speak TAXII 2.1. Their objects come into a collection of yours.
remote-choice-about-taxii-push = Objects of a collection of yours go into a collection there.
remote-choice-about-misp-pull = Published events come into a collection of yours, as MISP events and as STIX.
remote-choice-about-misp-push = Events of a collection of yours go there, as a MISP server pushes them.
remote-choice-about-misp-feed-pull = A folder of files on a web server, with a manifest.json, as MISP publishes it.
remote-push-why = This lets objects out of the house. It begins switched off, and asks you to confirm before the first object goes.
remote-no-collection = There is no collection that you may add to
remote-no-collection-why = Make one first; it takes what comes, or has what goes.
remote-name = Name
hint-remote-name = What you call it here, such as “MISP of Brevonia”.
remote-address = Address
hint-remote-address-taxii = Of the discovery or of an API root, such as https://taxii.example/taxii2/
hint-remote-address-misp = The base address, such as https://misp.example/
hint-remote-address-misp-feed = The folder that has manifest.json, such as https://feeds.example/osint/
remote-here = Collection here
hint-remote-here-pull = What comes is kept in it.
hint-remote-here-push = What is in it goes there, as far as labels let it.
remote-their-collection = Collection there
hint-remote-their-collection = Its id, alias or title. Leave it empty if there is only one.
remote-their-root = API root there
hint-remote-their-root = Its address or title, if the server has several.
remote-tags = Tags
hint-remote-tags = One a line; events with one of them are meant. With ! before it, a tag leaves events out. Empty means all events.
remote-orgs = Organisations
hint-remote-orgs = One a line, by name; with ! before it, all others.
remote-withdraw = Delete there what may not be there any more
hint-remote-withdraw = When an event is deleted here, or marked more strictly, it is deleted there too.
remote-withdraw-no = no: what went once stays there
remote-label-pull = Label of what comes unmarked
hint-remote-label-pull = What carries a label keeps it. What has none gets this one; it is never CLEAR.
remote-label-push = Strictest label that goes
hint-remote-label-push = Objects above it stay here. AMBER+STRICT and RED never go.
remote-every = Asked every
remote-scheme = How it knows us
remote-scheme-keep = as until now
remote-scheme-none = no credentials
remote-scheme-basic = name and password
remote-scheme-bearer = token
remote-scheme-key = MISP key
remote-user = User name
hint-remote-user = For name and password only.
remote-secret = Password, token or key
hint-remote-secret = It is kept sealed and never shown again.
hint-remote-secret-kept = Only to change it. It is kept sealed and never shown.
hint-remote-secret-again = Type it again: what was typed is not written back into a page.
remote-authority = Certificate of its authority
hint-remote-authority = In PEM, if the server has a certificate that the public authorities did not issue.
remote-wrong-title = One line of 1 to 200 characters.
remote-wrong-taken = Another feed or server has that name.
remote-wrong-address = Write https://HOST/PATH, without a user name in it.
remote-wrong-here = Choose a collection.
remote-wrong-selection = At most 1,000 bytes each.
remote-wrong-rules = Up to 100 lines of at most 255 bytes.
remote-wrong-label = This label is not possible here. What comes unmarked is never CLEAR, and AMBER+STRICT and RED never go.
remote-wrong-every = From a minute to 31 days.
remote-wrong-authority = That is no certificate in PEM, or more than 256 KiB.
remote-wrong-no-secret = Give the password, token or key.
remote-wrong-credentials = At most 4,096 bytes, without line breaks; no colon in the user name.
remote-wrong-keep = Say how it knows us, so that what you typed takes the place of what was there.
remote-wrong-other-server = The address is another server’s. Give the credentials for it: those of the first do not go there.
remote-wrong-confirm = Type the name of the host as it stands above.
remote-stale = Somebody else has changed it meanwhile. Look at how it stands now, and try again.
remote-way = Kind
remote-kind-taxii = TAXII 2.1
remote-kind-misp = MISP
remote-kind-misp-feed = MISP feed
remote-direction-pull = comes here
remote-direction-push = goes there
remote-last = Last run
remote-next = Next
remote-now = now
remote-on = on
remote-off = switched off
remote-running = under way
remote-is-running = A run is under way.
remote-failures = { $n ->
    [one] one failure
   *[other] { $n } failures in a row
}
remote-failures-why = { $n ->
    [one] The last run failed. It is tried again by itself.
   *[other] The last { $n } runs failed. It is tried again by itself, each time after a longer pause.
}
remote-start = Run now
remote-pause = Pause
remote-switch-on = Switch on
remote-test = Test the connection
remote-test-came = Test of the connection
remote-came-yes = works
remote-came-no = does not work
remote-came-odd = works, against the specification
remote-came-not-tried = not tried
remote-step-ours = What this node brings along is in order
remote-step-name = The name is found
remote-step-network = The address may be asked
remote-step-connect = Somebody answers there
remote-step-tls = The connection is encrypted, by a certificate that is believed
remote-step-answer = It answers a question
remote-step-authentication = It knows us
remote-step-version = It speaks a version that we speak
remote-step-root = The API root is there
remote-step-collection = The collection is there
remote-step-readable = We may read it
remote-step-writable = We may write to it
remote-step-objects = Objects can be read
remote-step-defect = Something is not as the specification says; it is tolerated
remote-step-perm-sync = Our account may synchronise
remote-step-selection = The choice of events can be used
remote-step-index = The list of events can be read
remote-step-manifest = The manifest can be read
remote-advice-ours = Look at the credentials and the certificate under Change. Credentials go over https alone, but for networks that the operator named.
remote-advice-name = Look whether the address is spelled correctly, and whether this machine can look up names.
remote-advice-network = The address lies in our own network. If it is meant, the operator adds that network to remote_networks in the configuration.
remote-advice-connect = Look at the port, and at firewalls between the two. Maybe the server is off.
remote-advice-tls = If the server has a certificate of its own authority, give that authority’s certificate under Change. If it has expired, tell its operator.
remote-advice-answer = The server takes the connection and gives no answer that can be used. Look at the path of the address, or ask its operator.
remote-advice-authentication = Look whether name, password or key are right and have not expired, and whether the server lets our address in. Then give them again under Change.
remote-advice-version = Ask its operator for an address of TAXII 2.1, or whether this is a MISP.
remote-advice-root = Give the address of the discovery or of the API root. The account may also be one that sees none.
remote-advice-collection = Name the collection under Change by its id, alias or title. The account has to see it.
remote-advice-readable = Ask its operator to let our account read this collection.
remote-advice-writable = Ask its operator to let our account write to this collection.
remote-advice-objects = The collection is there and its objects cannot be read. Ask its operator.
remote-advice-perm-sync = Ask its operator for a role with the permission to synchronise, such as “Sync user”.
remote-advice-selection = Look at tags and organisations under Change.
remote-advice-index = The account may not see events, or the server cannot list them. Ask its operator.
remote-advice-manifest = The address has to be the folder that has manifest.json.
remote-begin = Let objects go
remote-begin-to = Send to { $host }
remote-confirm = Type the host to confirm
remote-seen-by = Objects of { $collection } that are marked up to TLP:{ $tlp } go to { $host }, and are seen by all who read them there. What is marked more strictly stays here.
seers-remote = Readers at { $host }: what is marked up to TLP:{ $tlp } goes there by itself ({ $name }).
remote-about = How it is asked
remote-progress = How far it has come, in the terms of the protocol
remote-defects = What it does against the specification
remote-defects-why = Tolerated. Tell its operator.
remote-runs = Runs
remote-runs-empty = There was none yet. Test the connection, then switch it on.
remote-runs-empty-on = There was none yet. The first one begins by itself.
remote-remove = Remove this feed or server
remote-remove-why = Its address, credentials and the record of its runs go. What came from it stays in the collection, and what went there stays there. This cannot be undone.
remote-remove-yes = Remove { $name }
run = Run
run-started = Began
run-ended = Ended
run-outcome = Came to
run-outcome-running = under way
run-outcome-complete = complete
run-outcome-cut = to be continued
run-outcome-failed = failed
run-received = Received
run-added = New
run-known = Here already
run-sent = Sent
run-refused = Refused
run-withdrawn = Withdrawn
run-noted = Notes
run-added-n = { $n } new
run-sent-n = { $n } sent
run-refused-n = { $n } refused
run-told = What it tells
run-told-all = All
run-told-nothing = Nothing was refused, kept back or taken back.
run-left-out = { $n ->
    [one] One more note was counted and not kept.
   *[other] { $n } more notes were counted and not kept.
}
note-subject = What
note-what = Became
note-why = Why
note-tab-refused = Refused
note-tab-withheld = Kept back
note-tab-withdrawn = Withdrawn
note-tab-defect = Defects
note-kind-refused = refused
note-kind-defect = defect
note-kind-withheld = kept back
note-kind-withdrawn = withdrawn
why-intel-remote-unreachable = The server could not be reached.
why-intel-run-time = It was cut off after two minutes; the next run goes on where it stopped.
why-intel-run-abandoned = The program ended before the run did; the next one goes on where it stopped.
why-intel-label = Marked more strictly than may go.
why-taxii-added-after-inclusive = It gives again what was added at the moment that was asked for.
why-taxii-cursor = Its cursor cannot be used.
why-taxii-cursor-lost = It does not know its own cursor any more.
why-taxii-empty-page = It promises more and gives an empty page.
why-taxii-failure = It refused the object.
why-taxii-forbidden = It knows us and does not let us.
why-taxii-media-type = It calls its answers something else than TAXII 2.1.
why-taxii-next-without-more = It gives a cursor and does not say that there is more.
why-taxii-no-collection = It has no such collection, or none that we may see.
why-taxii-no-date-added = It does not say when objects were added.
why-taxii-no-fraction = Its moments have no fraction of a second.
why-taxii-no-root = It has no such API root, or none that we may see.
why-taxii-no-status = It takes objects and gives no status.
why-taxii-no-taxii = What answers there is no TAXII 2.1.
why-taxii-not-found = There is nothing at this address.
why-taxii-not-readable = We may not read the collection.
why-taxii-not-writable = We may not write to the collection.
why-taxii-order = Its pages are not in the order in which objects were added.
why-taxii-other-host = It points to another host, where we do not go.
why-taxii-pending = It has not looked at all objects yet.
why-taxii-refused = It refused the question.
why-taxii-repeated-page = It gave the same page again.
why-taxii-root-address = It gives another address for its API root than the one that it is reached by.
why-taxii-same-moment = More objects have one moment than a page has, and there is no cursor: some may be missing.
why-taxii-status = It gave an answer that is not foreseen.
why-taxii-status-lost = It took the objects and does not say what became of them.
why-taxii-stuck = It gives the same pages without end.
why-taxii-too-large = Too large for it.
why-taxii-unauthorised = It does not accept our credentials.
why-taxii-unavailable = It cannot answer now.
why-taxii-unnamed-failure = It refused objects and does not name them.
why-taxii-unreadable = Its answer cannot be read.
why-taxii-unwritable = What was to go could not be written.
why-taxii-version = It does not speak TAXII 2.1.
why-taxii-which-collection = It has several collections: name one.
why-misp-address = Its address cannot be used.
why-misp-changed = It was changed or deleted here meanwhile.
why-misp-distribution = Its distribution keeps it within the organisation or community.
why-misp-folder = The folder cannot be read.
why-misp-gone = It is not listed there any more; here it stays.
why-misp-incomplete = Its answer broke off.
why-misp-label = Marked more strictly than may go.
why-misp-listed-twice = It is listed there more than once.
why-misp-missed = Some events could not be exchanged; they are tried again.
why-misp-no-answer = It gave no whole answer.
why-misp-no-json = Its answer is no JSON.
why-misp-no-sync = Our account there may not synchronise.
why-misp-no-timestamp = It is listed without a time of change.
why-misp-no-uuid = It is listed without a UUID.
why-misp-no-version = It does not say its version.
why-misp-not-allowed = It does not accept our key, or does not let us.
why-misp-not-offered = It asked for what was not offered; nothing of that was sent.
why-misp-not-possible = It does not offer this.
why-misp-not-taken = It did not take the event.
why-misp-not-there = There is nothing at this address.
why-misp-not-withdrawn = It could not be deleted there. It is tried with each run.
why-misp-other-event = It gave another event than the one that was asked for.
why-misp-refused = It refused.
why-misp-syntax = Its answer is no JSON.
why-misp-too-large = It is larger than what is taken.
why-misp-too-many = It has more parts than what is taken.
why-misp-unexpected = Its answer is not what was asked for.
why-misp-unpublished = It is not published.
why-misp-unreadable = Its answer cannot be read.
why-misp-unwritable = What was to go could not be written.
why-misp-withdrawn = It was taken back there.
flash-remote-added = It is there, and switched off. Test the connection, then switch it on.
flash-remote-saved = Saved.
flash-remote-saved-off = Saved, and switched off: something else would go out from now on. Look, and let it go again.
flash-remote-started = The run begins.
flash-remote-switched-on = Switched on. The first run begins now.
flash-remote-switched-off = Switched off. Nothing is exchanged until it is switched on again.
flash-remote-removed = Removed. What came from it is still in its collection.

## Warninglists and values

warninglists = Warninglists
warninglists-intro = Values that are mostly no threat: large networks, popular names, test hashes. Look-ups and related objects say when a list has a value; nothing is hidden or refused for it.
warninglists-empty = No warninglists
warninglists-empty-why = Take in lists in MISP’s format, such as those of the project misp-warninglists: one file a list.
warninglists-empty-reader = An analyst or duty officer of this node can take lists in.
warninglists-n = { $n ->
    [one] One list
   *[other] { $n } lists
}, { $on } switched on
warninglist-name = List
warninglist-kind = Has
warninglist-kind-string = whole values
warninglist-kind-substring = parts of values
warninglist-kind-hostname = names
warninglist-kind-cidr = networks
warninglist-kind-regex = expressions
warninglist-kind-about-string = A value is on it if it is one of the entries.
warninglist-kind-about-substring = A value is on it if an entry occurs in it.
warninglist-kind-about-hostname = A name is on it with all names below it; a URL by its host.
warninglist-kind-about-cidr = An address is on it if it lies in one of the networks.
warninglist-kind-about-regex = A value is on it if an expression fits it.
warninglist-entries = Entries
warninglist-unusable-n = { $n ->
    [one] one unusable
   *[other] { $n } unusable
}
warninglist-version = Version
warninglist-imported = Taken in
warninglist-state = State
warninglist-on = on
warninglist-off = off
warninglist-switch-on = Switch on
warninglist-switch-off = Switch off
warninglist-types = Applies to
warninglist-types-all = every type of attribute
warninglist-upload = Take lists in
warninglist-files = Files
hint-warninglist-files = JSON in MISP’s format, one list a file, up to 50 MB together. A list of the same name is replaced and stays on or off as it was.
warninglist-no-file = Choose a file.
warninglist-refused = { $n ->
    [one] The first file was not taken in.
   *[other] File { $n } and those after it were not taken in; those before it were.
}
warninglist-remove = Take the list out
warninglist-remove-why = Values are no longer held against it. It can be taken in again from its file.
warninglist-remove-yes = Take out { $name }
check-values = Check values
check-values-intro = Says which warninglists that are switched on have a value, in any spelling. What is asked here is not kept.
check-which = Values
hint-check-which = One a line, up to { $n }: addresses, networks, names, URLs, hashes.
check-no-lists = No warninglist is switched on: nothing can be found.
check-came = { $n ->
    [0] { $all ->
        [one] No list has it
       *[other] No list has any of the { $all }
    }
    [one] { $all ->
        [one] A list has it
       *[other] Lists have one of { $all }
    }
   *[other] Lists have { $n } of { $all }
}
check-lists = Lists
check-no-list = no list
check-nothing = Give at least one value.
check-too-many = At most { $n } at once.
value = Value
value-kind = Kind
value-search = See in collections
common = Common values
common-intro = Values that more than { $n } of the objects that you see have. They are found when you ask for them, and relate nothing to anything by themselves.
common-empty = No common values
common-empty-why = No value is in more than { $n } of the objects that you see.
common-entries = Objects
common-more = { $n } or more
flash-warninglist-imported = Taken in.
flash-warninglist-on = Switched on.
flash-warninglist-off = Switched off. Values are not held against it.
flash-warninglist-removed = The list is taken out.

## Events of MISP
misp-events = Events
misp-events-about = Events of MISP in this collection, those first that were changed last.
misp-events-empty = No events
misp-events-empty-why = Connect MISP or a feed, or upload a MISP file through its API, and its events stand here and beside as STIX.
misp-events-search = Title or value
misp-events-with-value = Events with this value
misp-events-with-value-more = More events have it. Open one and see what is related.
misp-events-with-title = Events with this title
misp-events-searched = { $n ->
    [one] One event was looked at.
   *[other] { $n } events were looked at, those first that were changed last.
}
misp-event = Event
misp-event-org = Organisation
misp-event-day = Day
misp-event-changed = Changed
misp-event-published = published
misp-event-published-at = Published
misp-event-unpublished = not published
misp-event-threat = Threat level
misp-event-analysis = Analysis
misp-event-distribution = Distribution
misp-event-owner = Copy of
misp-event-number = Number
misp-event-extends = Extends
misp-event-locked = From elsewhere; it stays as its maker made it.
misp-event-tags = Tags
misp-event-galaxies = Galaxies
misp-event-no-tags = none
misp-event-parts = Attributes and objects
misp-event-back = Behind this object
misp-attributes = Attributes
misp-attributes-n = { $n ->
    [one] one attribute
   *[other] { $n } attributes
}
misp-attributes-none = No attributes that you see
misp-attributes-none-why = What belongs to an object stands under Objects.
misp-attributes-search = Value, in any spelling
misp-attributes-found = Attributes with this value
misp-attribute = Value
misp-attribute-kind = Type
misp-attribute-known = Known
misp-attribute-ids = for detection
misp-attribute-file = with a file
misp-attribute-changed = Changed
misp-attribute-seen = seen { $n }
misp-attribute-false = false positive { $n }
misp-attribute-expired = expired { $n }
misp-attribute-more-sightings = and more
misp-attribute-events = { $n ->
    [one] in one other event
   *[other] in { $n } other events
}
misp-attribute-common = in many places
misp-attribute-listed = on { $list }
misp-attribute-proposal = proposed: { $value }
misp-objects = Objects
misp-objects-n = { $n ->
    [one] one object
   *[other] { $n } objects
}
misp-objects-none = No objects that you see
misp-object-all = All attributes of this object
misp-object-to-all = All objects
misp-object-empty = It has no attributes that you see.
misp-reports = Reports
misp-reports-none = No reports
misp-report-cut = The text goes on; the rest is in the event itself.
misp-proposals = Proposals
misp-proposals-none = No proposals
misp-proposal-delete = to be deleted
misp-related = Related
misp-related-none = No other event that you see has a value of this one.
misp-related-values = Values in common
misp-related-more = { $n ->
    [one] One more event is not shown.
   *[other] { $n } more events are not shown.
}
misp-related-common = Too common to lead anywhere
misp-related-common-why = More than 100 attributes have these values. Search for one to see the events.
misp-related-left-out = { $n ->
    [one] One attribute was not compared, because the event is large.
   *[other] { $n } attributes were not compared, because the event is large.
}
misp-more-n = and { $n } more
threat-level-high = high
threat-level-medium = medium
threat-level-low = low
threat-level-undefined = not said
analysis-initial = begun
analysis-ongoing = ongoing
analysis-completed = completed
distribution-organisation = its organisation only
distribution-community = this node
distribution-connected = connected nodes
distribution-all = all
distribution-sharing-group = a sharing group
distribution-inherited = as the event

## What is known of an object
known-relations = Relations
known-relation = Relation
known-relations-none = Nothing in this collection that you see relates it.
known-relations-more = Only the newest 100 that are about it are shown.
known-relations-graph = Relations of { $name } as a picture; the list below says the same
known-relations-left-out = { $n ->
    [one] One relation is in the list and not in the picture.
   *[other] { $n } relations are in the list and not in the picture.
}
known-to = to
known-from = from
known-related = Related by value
known-related-none = No other object that you see has its values.
known-related-values = Values
known-related-more = { $n ->
    [one] One more object has values in common.
   *[other] { $n } more objects have values in common.
}
known-common = { $value } stands in more than { $n } entries and leads nowhere by itself.
known-listed = { $value } is on { $list }: mostly no threat.
known-values-left-out = { $n ->
    [one] One value was not looked for, because the object has too many.
   *[other] { $n } values were not looked for, because the object has too many.
}
known-incomplete = What was there before is still being brought into the index. Look again later.
known-sightings = Sightings
known-sightings-none = Nobody has said that it was seen.
known-seen = Seen
known-false = False positive
known-expired = Expired
known-first-seen = First seen
known-last-seen = Last seen
known-parties = { $n ->
    [one] by one party
   *[other] by { $n } parties
}
known-unnamed = not named
known-sightings-more = The newest 10,000 were counted.
known-say-seen = We have seen it
known-say-false = False positive for us
known-say-expired = No threat any more
known-say-who = Recorded as an object of this collection, marked like this one, in the name of { $party }.
flash-object-sighted = Recorded as a sighting.
known-life = Validity
life-live = holds
life-revoked = taken back
life-not-yet = does not hold yet
life-ended = its time is over
life-expired = said to be no threat any more
life-decayed = score below the threshold
known-score = Score { $score } of 100, from { $base }
known-has-it = Who has it
known-has-it-yes = has it
known-has-it-not = gets the collection, not this object
known-has-it-nobody = No other party was given it.
known-has-it-from = It came from { $party }.
known-timeline = Timeline
moment-created = Made
moment-modified = Changed
moment-revoked = Taken back
moment-added = Came into this collection
moment-valid-from = Holds from
moment-valid-until = Holds until
moment-first-seen = First seen
moment-last-seen = Last seen
