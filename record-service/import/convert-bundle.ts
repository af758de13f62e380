import type { Resource } from '@medplum/fhirtypes';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import { composeConsultation, CONSULTATION_CODE } from './convert-list.ts';
import { isOnlyCode } from './convert-medication.ts';
import { CONVERTERS, typeInR4 } from './converters.ts';
import { ElementConversion, unresolvedReference } from './element-conversion.ts';
import type { Draft } from './element-conversion.ts';
import { contentDigest, importedId } from './identity.ts';
import { completenessFlags } from './record-completeness.ts';
import { IMPORT_RULES } from './report.ts';
import type { EntryReport, ImportReport, Outcome } from './report.ts';
import { indexSource } from './source-index.ts';
import type { SourceEntry, SourceIndex, SourcePatient } from './source-index.ts';
import { firstCode, isObject, objectOf, objectsOf, textOf, without } from './source.ts';
import type { JsonObject } from './source.ts';

export interface ImportOptions {
  /** ODS code of the organisation whose record this becomes. */
  readonly organisation: string;
  /** A stable name of the system that the file came from, best its identifier system (`https://EMISWeb/A82038`). */
  readonly sourceSystem: string;
  /** What is wrong with an R4 resource; empty when nothing. A resource with faults is kept whole instead. */
  readonly validate?: (resource: Resource) => readonly string[];
}

export interface ConvertedBundle {
  /** In the order of the file, patients and shared resources first. References among them hold. */
  readonly resources: readonly Resource[];
  readonly report: ImportReport;
}

interface Fate {
  readonly outcome: Outcome;
  readonly into: readonly string[];
  readonly reasons: readonly string[];
}

/**
 * Converts a GP Connect *Access Record: Structured* bundle (FHIR STU3, CareConnect) to R4.
 * Pure: the same input gives the same ids and contents. Never throws for what a source contains; every entry of the
 * source has exactly one outcome in the report.
 */
export function convertBundle(bundle: unknown, options: ImportOptions): ConvertedBundle {
  return new BundleConversion(isObject(bundle) ? bundle : {}, options).run();
}

class BundleConversion {
  readonly #options: ImportOptions;
  readonly #index: SourceIndex;
  readonly #produced = new Map<string, Draft>();
  readonly #fates = new Map<SourceEntry, Fate>();
  /** Where references to entries that have no resource of their own lead. */
  readonly #elsewhere = new Map<string, string>();

  constructor(bundle: JsonObject, options: ImportOptions) {
    this.#options = options;
    this.#index = indexSource(bundle, options.organisation, options.sourceSystem);
  }

  run(): ConvertedBundle {
    const { entries } = this.#index;
    for (const entry of entries) if (entry.repeats === undefined) this.#convertPatient(entry);
    for (const entry of entries) this.#decideWithoutConversion(entry);
    const placed = new Set<SourceEntry>();
    for (const entry of entries) {
      if (!this.#fates.has(entry) && isConsultation(entry)) this.#convertConsultation(entry, placed);
    }
    for (const entry of entries) if (!this.#fates.has(entry)) this.#convertEntry(entry);
    for (const entry of entries) if (!this.#fates.has(entry)) this.#foldOrKeep(entry);
    this.#closeReferences();
    for (const flag of completenessFlags(this.#index, this.#options, this.#produced)) this.#produce(flag);
    return { resources: this.#ordered(), report: this.#report() };
  }

  #convertPatient(entry: SourceEntry): void {
    if (entry.type === 'Patient') this.#convertEntry(entry);
  }

  /** Entries of nobody, repeats, and entries that name no patient: no converter may see them. */
  #decideWithoutConversion(entry: SourceEntry): void {
    if (this.#fates.has(entry)) return;
    const { owner, repeats } = entry;
    if (owner.kind === 'nobody') {
      this.#fates.set(entry, { outcome: 'refused', into: [], reasons: [owner.reason] });
    } else if (owner.kind !== 'shared' && !this.#hasRecord(owner.patient)) {
      this.#fates.set(entry, {
        outcome: 'refused',
        into: [],
        reasons: ['its patient could not be converted'],
      });
    } else if (repeats?.equal === true) {
      const into = [`${typeInR4(entry.type)}/${entry.id}`];
      this.#fates.set(entry, { outcome: 'duplicate', into, reasons: [] });
    } else if (repeats) {
      this.#keepWhole(entry, ['another entry of the file has the same id and other content']);
    } else if (owner.kind === 'unnamed' && entry.type !== 'Binary') {
      this.#keepWhole(entry, ['names no patient; check that it belongs to this one']);
    }
  }

  #hasRecord(patient: SourcePatient): boolean {
    return this.#index.entries.some(
      (entry) =>
        entry.type === 'Patient' &&
        entry.owner.kind === 'patient' &&
        entry.owner.patient.key === patient.key &&
        this.#produced.has(`Patient/${entry.id}`),
    );
  }

  #convertConsultation(entry: SourceEntry, placed: Set<SourceEntry>): void {
    const { composition, reasons, folded } = composeConsultation(
      entry,
      this.#index,
      typeInR4,
      this.#sourceOf(entry),
      placed,
    );
    const faults = this.#faultsOf(composition);
    const into = `Composition/${entry.id}`;
    const parts = [{ entry, reasons }, ...folded];
    if (faults.length > 0) {
      for (const part of parts) this.#keepWhole(part.entry, faults);
      return;
    }
    this.#produce(composition);
    for (const part of parts) {
      this.#elsewhere.set(`List/${part.entry.id}`, into);
      const outcome = part.entry === entry ? 'converted' : 'folded';
      this.#fates.set(part.entry, { outcome, into: [into], reasons: part.reasons });
    }
  }

  #convertEntry(entry: SourceEntry): void {
    const rule = CONVERTERS[entry.type];
    if (!rule) return;
    const conversion = new ElementConversion(entry, this.#index, typeInR4);
    rule.convert(conversion);
    // Without its Patient a whole record would be refused: a faulty address or title must not do that.
    if (entry.type === 'Patient') {
      const meta = { resourceType: 'Patient', id: entry.id };
      for (const [name, value] of Object.entries(conversion.out)) {
        if (this.#faultsOf({ ...meta, [name]: value }).length > 0) {
          conversion.leaveOut(name, `${name} is not as R4 has it and is kept as the source wrote it`);
        }
      }
    }
    const draft = conversion.finish(rule.type, this.#sourceOf(entry));
    const faults = this.#faultsOf(draft);
    if (faults.length > 0) {
      this.#keepWhole(entry, faults);
      return;
    }
    this.#produce(draft);
    const into = [`${rule.type}/${entry.id}`];
    this.#fates.set(entry, { outcome: 'converted', into, reasons: conversion.reasons });
  }

  /** Medications and Binaries live on in what refers to them; what nothing holds, and unknown types, are kept whole. */
  #foldOrKeep(entry: SourceEntry): void {
    if (entry.type === 'Medication' || entry.type === 'Binary') {
      const holders = this.#index.entries.filter(
        (other) => this.#fates.get(other)?.outcome === 'converted' && this.#holds(other, entry),
      );
      const into = holders.map((holder) => `${typeInR4(holder.type)}/${holder.id}`);
      if (holders.length > 0 && (entry.type === 'Binary' || isOnlyCode(entry.resource))) {
        this.#fates.set(entry, { outcome: 'folded', into, reasons: [] });
        return;
      }
      const reason =
        holders.length > 0
          ? 'says more than a code; the code is also in what refers to it'
          : 'nothing refers to it';
      this.#keepWhole(entry, [reason]);
      return;
    }
    this.#keepWhole(entry, [`${entry.type} is not a type that this import converts`]);
  }

  #holds(holder: SourceEntry, held: SourceEntry): boolean {
    const written =
      held.type === 'Medication'
        ? [textOf(objectOf(holder.resource['medicationReference'])?.['reference'])]
        : objectsOf(holder.resource['content']).map((content) =>
            textOf(objectOf(content['attachment'])?.['url']),
          );
    return written.some((reference) => {
      const resolved = reference === undefined ? undefined : this.#index.resolve(reference, holder);
      return resolved?.kind === 'entry' && resolved.entry === held;
    });
  }

  /** The source entry as it was, attached to a document that shows that something is there (degraded entry). */
  #keepWhole(entry: SourceEntry, reasons: readonly string[]): void {
    const patient =
      entry.owner.kind === 'patient' || entry.owner.kind === 'unnamed' ? entry.owner.patient : undefined;
    const holder = patient ?? this.#index.onlyPatient;
    const record = holder && this.#index.entries.find((other) => isPatientOf(other, holder));
    if (!record || !this.#produced.has(`Patient/${record.id}`)) {
      this.#fates.set(entry, {
        outcome: 'refused',
        into: [],
        reasons: [...reasons, 'there is no one patient to keep it with'],
      });
      return;
    }
    const conversion = new ElementConversion(entry, this.#index, typeInR4);
    const json = stringifyExact(conversion.carryJson(without(entry.resource, 'contained')) ?? {});
    const data = Buffer.from(json, 'utf8');
    const id = importedId(
      this.#options.organisation,
      this.#options.sourceSystem,
      record.id,
      'kept whole',
      entry.repeats ? `${entry.id} ${contentDigest(entry.resource)}` : entry.id,
    );
    this.#produce({
      resourceType: 'DocumentReference',
      id,
      meta: { source: this.#sourceOf(entry) },
      status: 'current',
      type: {
        coding: [
          {
            system: 'http://snomed.info/sct',
            code: '196411000000103',
            display: 'Transfer-degraded record entry',
          },
        ],
        text: `Imported entry kept as it was: ${entry.type}`,
      },
      subject: { reference: `Patient/${record.id}` },
      description: `This ${entry.type} could not be read as part of the record: ${reasons.join('; ')}. Open it to see what was sent.`,
      content: [
        {
          attachment: {
            contentType: 'application/fhir+json',
            data: data.toString('base64'),
            size: data.byteLength,
            title: `${entry.type} as it was sent`,
          },
        },
      ],
    });
    const into = `DocumentReference/${id}`;
    this.#elsewhere.set(`${typeInR4(entry.type)}/${entry.id}`, into);
    this.#fates.set(entry, { outcome: 'kept-whole', into: [into], reasons });
  }

  /** References to what has no resource of its own lead to what holds it; where nothing does, the words stay. */
  #closeReferences(): void {
    for (const draft of this.#produced.values()) {
      const listing = draft['resourceType'] === 'Composition' || draft['resourceType'] === 'List';
      this.#closeIn(draft, listing);
    }
  }

  #closeIn(value: unknown, listing: boolean): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#closeIn(item, listing);
      return;
    }
    if (!isObject(value)) return;
    const reference = textOf(value['reference']);
    if (
      reference !== undefined &&
      /^[A-Z][A-Za-z]+\/[0-9a-f-]{36}$/.test(reference) &&
      !this.#produced.has(reference)
    ) {
      const holder = this.#elsewhere.get(reference);
      // Lists and sections may name any type; other elements only the types that R4 lists for them.
      if (holder !== undefined && (listing || holder.startsWith('Composition/'))) {
        (value as Draft)['reference'] = holder;
      } else {
        const open = value as Draft;
        const closed = unresolvedReference(holder ?? reference, { ...open });
        delete open['reference'];
        Object.assign(open, closed, holder === undefined ? {} : { display: 'Kept as an attachment' });
      }
      return;
    }
    for (const item of Object.values(value)) this.#closeIn(item, listing);
  }

  #faultsOf(draft: Draft): readonly string[] {
    return this.#options.validate?.(draft as unknown as Resource) ?? [];
  }

  #produce(draft: Draft): void {
    this.#produced.set(`${String(draft['resourceType'])}/${String(draft['id'])}`, draft);
  }

  #sourceOf(entry: SourceEntry): string {
    const name = encodeURIComponent(entry.sourceId ?? entry.path);
    return `${this.#options.sourceSystem}#${entry.type}/${name}`;
  }

  #ordered(): readonly Resource[] {
    const rank = (draft: Draft): number => RANK[String(draft['resourceType'])] ?? 9;
    return [...this.#produced.values()].sort(
      (left, right) => rank(left) - rank(right),
    ) as unknown as Resource[];
  }

  #report(): ImportReport {
    const details: EntryReport[] = this.#index.empty.map((path) => ({
      path,
      type: '',
      outcome: 'refused' as const,
      into: [],
      reasons: ['holds no resource'],
    }));
    let unexplained = 0;
    for (const entry of this.#index.entries) {
      const fate = this.#fates.get(entry);
      if (!fate) unexplained += 1;
      else {
        details.push({
          path: entry.path,
          type: entry.type,
          ...(entry.sourceId !== undefined && { sourceId: entry.sourceId }),
          ...fate,
        });
      }
    }
    const outcomes = { converted: 0, folded: 0, 'kept-whole': 0, duplicate: 0, refused: 0 };
    for (const { outcome } of details) outcomes[outcome] += 1;
    const produced: Record<string, number> = {};
    for (const draft of this.#produced.values()) {
      const type = String(draft['resourceType']);
      produced[type] = (produced[type] ?? 0) + 1;
    }
    return {
      organisation: this.#options.organisation,
      sourceSystem: this.#options.sourceSystem,
      patients: this.#index.patients.length,
      entries: this.#index.entries.length + this.#index.empty.length,
      outcomes,
      unexplained,
      produced,
      rules: IMPORT_RULES,
      details,
    };
  }
}

const RANK: Readonly<Record<string, number>> = {
  Organization: 0,
  Location: 1,
  Practitioner: 2,
  PractitionerRole: 3,
  HealthcareService: 4,
  Patient: 5,
  Encounter: 6,
};

function isConsultation(entry: SourceEntry): boolean {
  return entry.type === 'List' && firstCode(entry.resource['code']) === CONSULTATION_CODE;
}

function isPatientOf(entry: SourceEntry, patient: SourcePatient): boolean {
  return (
    entry.type === 'Patient' &&
    entry.owner.kind === 'patient' &&
    entry.owner.patient.key === patient.key &&
    !entry.repeats
  );
}
