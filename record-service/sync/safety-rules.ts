import { readFileSync } from 'node:fs';
import { combinedSafety, type SafetyEntry } from '../../domain/clinical/combined-safety.ts';
import { prepareMedicineFacts, type MedicineFactsFile } from '../../domain/clinical/medicine-facts.ts';
import type { CombinedSafetyRules, MeetingEntry } from './combined-safety-port.ts';

/** The rules of domain/clinical over the curated medicine facts that the desktop uses at entry as well. */
export function loadSafetyRules(): CombinedSafetyRules {
  const file = new URL('../../assets/medicines/medicines.json', import.meta.url);
  const facts = prepareMedicineFacts(JSON.parse(readFileSync(file, 'utf8')) as MedicineFactsFile);
  return ({ mine, others, today }) => {
    const theirs = new Set(others.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
    const entries = [
      ...others.map((entry) => safetyEntry(entry, false)),
      ...mine.map((entry) => safetyEntry(entry, true)),
    ];
    return (
      combinedSafety(entries, facts, today)
        // What one author entered in one save was checked before it was signed.
        .filter((finding) => finding.between.some((key) => theirs.has(key)))
        .map((finding) => ({
          key: finding.key,
          code: finding.kind,
          severity: finding.severity,
          text: finding.words,
          resources: finding.between,
        }))
    );
  };
}

function safetyEntry({ resource, author, recorded }: MeetingEntry, arrived: boolean): SafetyEntry {
  return { resource: resource as unknown as SafetyEntry['resource'], author, recorded, arrived };
}
