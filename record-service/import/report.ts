/** What became of one entry of the source. */
export type Outcome =
  /** A resource of its own. */
  | 'converted'
  /** Its whole content is part of another resource. */
  | 'folded'
  /** Kept as it was, as an attachment of a visible degraded entry. */
  | 'kept-whole'
  /** Equal, letter for letter, to an earlier entry. */
  | 'duplicate'
  /** Not in the record; the reason says why. */
  | 'refused';

export interface EntryReport {
  /** Where in the file: `entry[12]`, `entry[3].contained[0]`. */
  readonly path: string;
  readonly type: string;
  readonly sourceId?: string;
  readonly outcome: Outcome;
  /** References of what holds its content now. */
  readonly into: readonly string[];
  /** Why it is not simply converted, and what in it could not be carried over as it was. */
  readonly reasons: readonly string[];
}

export interface ImportReport {
  readonly organisation: string;
  readonly sourceSystem: string;
  readonly patients: number;
  /** Entries of the file, contained resources counted too. */
  readonly entries: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Entries without an outcome. Anything but 0 is a fault of the import. */
  readonly unexplained: number;
  readonly produced: Readonly<Record<string, number>>;
  /** Said once for all entries: what is never carried over, and why. */
  readonly rules: readonly string[];
  readonly details: readonly EntryReport[];
}

export const IMPORT_RULES: readonly string[] = [
  "meta.profile, meta.versionId and meta.lastUpdated of the source are not carried over: they describe the source's copy. meta.source names the source and its id.",
  'Code systems and extensions that HL7 or UK Core renamed for R4 carry their new names; codes, terms and userSelected stay.',
  "A reference to something that is not in the file keeps its words as an identifier; a reference to another patient's entry is removed.",
];

/** Words for a terminal or a log that may hold no patient data: counts, types and reasons, no content. */
export function reportText(report: ImportReport): string {
  const lines = [
    `${report.entries} entries: ${report.outcomes.converted} converted, ${report.outcomes.folded} folded into others, ` +
      `${report.outcomes['kept-whole']} kept whole, ${report.outcomes.duplicate} duplicates, ` +
      `${report.outcomes.refused} refused, ${report.unexplained} unexplained`,
    `gives ${Object.values(report.produced).reduce((sum, count) => sum + count, 0)} resources: ` +
      Object.entries(report.produced)
        .map(([type, count]) => `${type} ${count}`)
        .join(', '),
  ];
  const reasons = new Map<string, number>();
  for (const detail of report.details) {
    for (const reason of detail.reasons) {
      const line = `${detail.type} ${detail.outcome}: ${reason}`;
      reasons.set(line, (reasons.get(line) ?? 0) + 1);
    }
  }
  for (const [reason, count] of [...reasons].sort((left, right) => right[1] - left[1])) {
    lines.push(`  ${count} × ${reason}`);
  }
  return lines.join('\n');
}
