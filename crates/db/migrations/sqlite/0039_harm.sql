-- What is known of a figure of harm beside its number, and which earlier one it takes the place of.
ALTER TABLE incident_harm ADD COLUMN method TEXT;
ALTER TABLE incident_harm ADD COLUMN as_of INTEGER;
ALTER TABLE incident_harm ADD COLUMN as_of_fidelity TEXT;
ALTER TABLE incident_harm ADD COLUMN confidence TEXT;
ALTER TABLE incident_harm ADD COLUMN origin TEXT;
ALTER TABLE incident_harm ADD COLUMN causality TEXT;
ALTER TABLE incident_harm ADD COLUMN causality_evidence TEXT;
ALTER TABLE incident_harm ADD COLUMN baseline TEXT;
ALTER TABLE incident_harm ADD COLUMN nature TEXT;
ALTER TABLE incident_harm ADD COLUMN merge_key TEXT;
ALTER TABLE incident_harm ADD COLUMN cells TEXT;
ALTER TABLE incident_harm ADD COLUMN corrects INTEGER;
ALTER TABLE incident_harm ADD COLUMN correction TEXT;
ALTER TABLE incident_harm ADD COLUMN entered_by TEXT;
ALTER TABLE incident_harm ADD COLUMN entered_at INTEGER;

-- Measures are a closed list from now on; what else stood there goes on standing in the note.
UPDATE incident_harm SET note = substr('(' || measure || ')' || coalesce(' ' || note, ''), 1, 1000), measure = NULL
WHERE measure IS NOT NULL AND measure NOT IN ('H-SDL', 'H-PSD', 'H-DWN', 'H-AUC', 'H-POST', 'H-DIV', 'H-SPILL-H', 'H-ED', 'H-DALY', 'H-REC', 'H-STAFF',
    'H-BACK', 'H-COST', 'H-XB', 'H-CASC', 'H-TRUST', 'H-DWELL');
