-- What is known of a figure of harm beside its number, and which earlier one it takes the place of.
ALTER TABLE incident_harm ADD COLUMN method TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN as_of BIGINT;
ALTER TABLE incident_harm ADD COLUMN as_of_fidelity TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN confidence TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN origin TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN causality TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN causality_evidence TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN baseline TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN nature TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN merge_key TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN cells TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN corrects BIGINT;
ALTER TABLE incident_harm ADD COLUMN correction TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN entered_by TEXT COLLATE "C";
ALTER TABLE incident_harm ADD COLUMN entered_at BIGINT;

-- Measures are a closed list from now on; what else stood there goes on standing in the note.
UPDATE incident_harm SET note = substr('(' || measure || ')' || coalesce(' ' || note, ''), 1, 1000), measure = NULL
WHERE measure IS NOT NULL AND measure NOT IN ('H-SDL', 'H-PSD', 'H-DWN', 'H-AUC', 'H-POST', 'H-DIV', 'H-SPILL-H', 'H-ED', 'H-DALY', 'H-REC', 'H-STAFF',
    'H-BACK', 'H-COST', 'H-XB', 'H-CASC', 'H-TRUST', 'H-DWELL');
