import { ElementConversion } from './element-conversion.ts';
import type { Draft } from './element-conversion.ts';
import type { SourceEntry, SourceIndex } from './source-index.ts';
import { arrayOf, firstCode, isObject, objectOf, objectsOf, textOf, without } from './source.ts';
import type { Json, JsonObject } from './source.ts';
import { IMPORT_EXTENSION } from './systems.ts';

/** SNOMED CT codes of GP Connect's nested lists: a consultation holds topics, a topic headings, a heading entries. */
export const CONSULTATION_CODE = '325851000000107';
export const TOPIC_CODE = '25851000000105';
export const HEADING_CODE = '24781000000107';

/** A clinical list of the record as a whole ("Allergies and adverse reactions", "Problems"): order and notes stay. */
export function convertList(conversion: ElementConversion): void {
  for (const name of [
    'identifier',
    'title',
    'code',
    'subject',
    'encounter',
    'date',
    'source',
    'orderedBy',
    'note',
  ]) {
    conversion.copy(name);
  }
  conversion.copyCode('status', ['current', 'retired', 'entered-in-error']);
  conversion.copyCode('mode', ['working', 'snapshot', 'changes'], 'snapshot');
  const entries: Draft[] = [];
  for (const [position, entry] of objectsOf(conversion.take('entry')).entries()) {
    const carried = conversion.carry(entry, `entry[${position}]`);
    if (isObject(carried) && carried['item'] !== undefined) entries.push(carried);
  }
  if (entries.length > 0) conversion.set('entry', entries);
  const emptyReason = conversion.take('emptyReason');
  if (emptyReason !== undefined && entries.length > 0) {
    conversion.setAside('emptyReason', emptyReason, 'emptyReason stands beside entries, which R4 forbids');
  } else conversion.set('emptyReason', conversion.carry(emptyReason, 'emptyReason'));
}

/** What a consultation became, and which nested Lists went into it. */
export interface ComposedConsultation {
  readonly composition: Draft;
  readonly reasons: readonly string[];
  readonly folded: readonly { readonly entry: SourceEntry; readonly reasons: readonly string[] }[];
}

/**
 * A consultation's nested Lists as one Composition: topics and headings become sections in their order, entries stay
 * references in theirs (clinical.md, Consultation; hazard 28).
 * `placed` holds the Lists that some consultation already shows; each is shown once.
 */
export function composeConsultation(
  entry: SourceEntry,
  index: SourceIndex,
  typeInR4: (type: string) => string,
  source: string,
  placed: Set<SourceEntry>,
): ComposedConsultation {
  const folded: { entry: SourceEntry; reasons: readonly string[] }[] = [];
  const encounter = referencedEncounter(entry, index);

  const sectionOf = (list: SourceEntry): Draft => {
    const conversion = new ElementConversion(list, index, typeInR4);
    conversion.take('subject');
    const named = conversion.take('encounter');
    if (named !== undefined && encounter !== undefined && referencedEncounter(list, index) !== encounter) {
      conversion.setAside('encounter', named, 'a heading names another encounter than its consultation');
    }
    conversion.copy('title');
    conversion.copy('code');
    conversion.copyCode('mode', ['working', 'snapshot', 'changes']);
    conversion.copy('orderedBy');
    keepListFacts(conversion, list);
    fill(conversion, list);
    const emptyReason = conversion.take('emptyReason');
    if (conversion.out['entry'] === undefined) {
      conversion.set('emptyReason', conversion.carry(emptyReason, 'emptyReason'));
    } else if (emptyReason !== undefined) {
      conversion.setAside('emptyReason', emptyReason, 'emptyReason stands beside entries, which R4 forbids');
    }
    const section: Draft = without(conversion.finish('List', source), 'resourceType', 'id', 'meta');
    if (section['entry'] === undefined && section['section'] === undefined && section['text'] === undefined) {
      section['text'] = narrative('Nothing is recorded under this heading.');
    }
    folded.push({ entry: list, reasons: conversion.reasons });
    return section;
  };

  /** Sections and entries of one List. Entries between sections get a section without a heading, to keep their place. */
  const fill = (conversion: ElementConversion, list: SourceEntry): void => {
    const sections: Draft[] = [];
    let run: Draft[] = [];
    const closeRun = (): void => {
      if (run.length === 0) return;
      sections.push({
        extension: [{ url: IMPORT_EXTENSION.entriesWithoutHeading, valueBoolean: true }],
        entry: run,
      });
      run = [];
    };
    for (const [position, element] of objectsOf(conversion.take('entry')).entries()) {
      const { item, ...rest } = element;
      if (Object.keys(rest).length > 0) {
        conversion.setAside(`entry[${position}]`, rest, 'a list entry says more than a section can hold');
      }
      const written = textOf(objectOf(item)?.['reference']);
      const resolved = written === undefined ? undefined : index.resolve(written, list);
      const target = resolved?.kind === 'entry' ? resolved.entry : undefined;
      if (target?.type === 'List' && isNestedList(target) && !placed.has(target)) {
        placed.add(target);
        closeRun();
        sections.push(sectionOf(target));
        continue;
      }
      if (target?.type === 'List' && placed.has(target)) {
        conversion.reasons.push('a list that is already shown under another heading is not shown twice');
        continue;
      }
      const carried = conversion.carryReference(item, `entry[${position}].item`);
      if (carried) run.push(carried);
    }
    if (sections.length === 0) {
      if (run.length > 0) conversion.set('entry', run);
      return;
    }
    closeRun();
    conversion.set('section', sections);
  };

  placed.add(entry);
  const conversion = new ElementConversion(entry, index, typeInR4);
  conversion.copy('identifier');
  if (Array.isArray(conversion.out['identifier'])) {
    const [first, ...more] = conversion.out['identifier'] as readonly Json[];
    conversion.out['identifier'] = first;
    for (const further of more)
      conversion.setAside('identifier', further, 'a Composition holds one identifier');
  }
  conversion.copyCode('status', { current: 'final', 'entered-in-error': 'entered-in-error' }, 'final');
  conversion.copy('code', 'type');
  conversion.copy('subject');
  conversion.copy('encounter');
  conversion.copy('date');
  const started = objectOf(encounter?.resource['period'])?.['start'];
  if (conversion.out['date'] === undefined) conversion.set('date', conversion.carry(started, 'start'));
  conversion.set('author', authorsOf(encounter, index, typeInR4));
  conversion.set('title', textOf(conversion.take('title')) ?? 'Consultation');
  keepListFacts(conversion, entry);
  for (const [name, form] of [
    ['mode', 'valueCode'],
    ['orderedBy', 'valueCodeableConcept'],
  ] as const) {
    const carried = conversion.carry(conversion.take(name), name);
    if (carried !== undefined) addFact(conversion, { url: name, [form]: carried });
  }
  fill(conversion, entry);
  if (conversion.out['entry'] !== undefined) {
    // A Composition itself holds sections only.
    conversion.out['section'] = [
      {
        extension: [{ url: IMPORT_EXTENSION.entriesWithoutHeading, valueBoolean: true }],
        entry: conversion.out['entry'],
      },
    ];
    delete conversion.out['entry'];
  }
  const composition = conversion.finish('Composition', source);
  return { composition, reasons: conversion.reasons, folded };
}

function isNestedList(entry: SourceEntry): boolean {
  const code = firstCode(entry.resource['code']);
  return code === TOPIC_CODE || code === HEADING_CODE;
}

function referencedEncounter(list: SourceEntry, index: SourceIndex): SourceEntry | undefined {
  const written = textOf(objectOf(list.resource['encounter'])?.['reference']);
  const resolved = written === undefined ? undefined : index.resolve(written, list);
  return resolved?.kind === 'entry' && resolved.entry.type === 'Encounter' ? resolved.entry : undefined;
}

/** Id, date, status and note of a List that becomes a section, for export as a List again. */
function keepListFacts(conversion: ElementConversion, list: SourceEntry): void {
  conversion.set('extension', [{ url: IMPORT_EXTENSION.sourceList, extension: [] }]);
  if (list.sourceId !== undefined) addFact(conversion, { url: 'id', valueString: list.sourceId });
  const date = list.resource['date'];
  const carried = conversion.carry(date, 'date');
  conversion.take('date');
  if (typeof carried === 'string') addFact(conversion, { url: 'date', valueDateTime: carried });
  const status = textOf(conversion.take('status'));
  if (status !== undefined) addFact(conversion, { url: 'status', valueString: status });
  for (const note of arrayOf(conversion.take('note'))) {
    const text = textOf(objectOf(note)?.['text']);
    const annotation = conversion.carry(note, 'note');
    if (isObject(annotation)) addFact(conversion, { url: 'note', valueAnnotation: annotation });
    if (text !== undefined && conversion.entry.resource['text'] === undefined) {
      conversion.set('text', narrative(text));
    }
  }
}

function addFact(conversion: ElementConversion, fact: Draft): void {
  const [holder] = conversion.out['extension'] as { extension: Draft[] }[];
  holder?.extension.push(fact);
}

/** Those who took part in the encounter: first the main performer, then the recorder, then the others. */
function authorsOf(
  encounter: SourceEntry | undefined,
  index: SourceIndex,
  typeInR4: (type: string) => string,
): readonly Draft[] {
  const nobody = [{ display: 'Author not recorded' }];
  if (!encounter) return nobody;
  const conversion = new ElementConversion(encounter, index, typeInR4);
  const rank = (participant: JsonObject): number => {
    const code = firstCode(objectsOf(participant['type'])[0]);
    return code === 'PPRF' ? 0 : code === 'REC' ? 1 : 2;
  };
  const participants = [...objectsOf(encounter.resource['participant'])].sort((a, b) => rank(a) - rank(b));
  for (const participant of participants) {
    const reference = conversion.carryReference(participant['individual'], 'individual');
    if (reference) return [reference];
  }
  const provider = conversion.carryReference(encounter.resource['serviceProvider'], 'serviceProvider');
  return provider ? [provider] : nobody;
}

function narrative(text: string): Draft {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '<br/>');
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${escaped}</div>` };
}
