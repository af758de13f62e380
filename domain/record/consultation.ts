/**
 * A consultation as it is written, and the resources that it becomes: an Encounter, a Composition whose sections keep
 * topics, headings and lines in the order entered (clinical.md, Consultation; hazard 28), and one resource for each
 * coded line. Same input, same output.
 */
import type { Composition, CompositionSection, Encounter, Extension } from '@medplum/fhirtypes';
import { snomed } from '../fhir/codeable-concept.ts';
import { codedEntry, type EditedEntry } from './coded-entry.ts';
import { companionsIn, type Companion } from './companion.ts';
import { HEADING_CODE, TOPIC_CODE } from './journal-headings.ts';
import { EXTENSION } from './record-extensions.ts';
import { templateUsedExtension, type TemplateUsed } from './template-used.ts';
import { narrativeText } from './narrative-text.ts';
import {
  authorReference,
  edit,
  encounterOf,
  patientReference,
  type EditContext,
  type RecordEdit,
} from './record-edit.ts';

const CONSULTATION_CODE = '325851000000107';

export type ConsultationType =
  | 'GP surgery'
  | 'Telephone'
  | 'Home visit'
  | 'Care-home visit'
  | 'Third party'
  | 'Administration'
  | 'Out of hours';

export const CONSULTATION_TYPES: readonly ConsultationType[] = [
  'GP surgery',
  'Telephone',
  'Home visit',
  'Care-home visit',
  'Third party',
  'Administration',
  'Out of hours',
];

/** A line under a heading: free text, a coded entry, or an entry made elsewhere (a set of observations, an allergy). */
export type EditedLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'coded'; readonly entry: EditedEntry }
  | { readonly kind: 'existing'; readonly reference: string; readonly display: string };

export interface EditedHeading {
  /** One of `CONSULTATION_HEADINGS`; an imported heading keeps its own words. */
  readonly heading: string;
  readonly lines: readonly EditedLine[];
}

export interface EditedTopic {
  /** '' for a topic without a title. */
  readonly title: string;
  /** `Condition/…` of the problem that it is about. */
  readonly problem?: string;
  readonly headings: readonly EditedHeading[];
}

export interface Circumstance {
  readonly kind: 'chaperone' | 'consent' | 'capacity' | 'present' | 'interpreter';
  readonly text: string;
}

export interface EditedConsultation {
  readonly type: ConsultationType;
  /** Clinical time: FHIR dateTimes. */
  readonly started: string;
  readonly ended?: string;
  /** Written later than it happened, or copied from paper. */
  readonly recordedHow?: 'late-entry' | 'from-paper';
  readonly location?: { readonly id: string; readonly name: string };
  readonly circumstances: readonly Circumstance[];
  /** Marked from day one: `not-for-online-viewing`, `third-party`. */
  readonly sensitive: readonly ('not-for-online-viewing' | 'third-party')[];
  readonly templates?: readonly TemplateUsed[];
  /** Who came along, who told the history. */
  readonly companions?: readonly Companion[];
  readonly topics: readonly EditedTopic[];
}

export interface ConsultationIds {
  readonly encounterId: string;
  readonly compositionId: string;
}

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const UNKNOWN_CLASS = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  code: 'UNK',
  display: 'unknown',
};
const CLASSES: Readonly<Record<ConsultationType, Encounter['class']>> = {
  'GP surgery': { system: ACT_CODE, code: 'AMB', display: 'ambulatory' },
  Telephone: { system: ACT_CODE, code: 'VR', display: 'virtual' },
  'Home visit': { system: ACT_CODE, code: 'HH', display: 'home health' },
  'Care-home visit': { system: ACT_CODE, code: 'HH', display: 'home health' },
  'Third party': UNKNOWN_CLASS,
  Administration: UNKNOWN_CLASS,
  'Out of hours': { system: ACT_CODE, code: 'AMB', display: 'ambulatory' },
};

const SENSITIVE: Readonly<Record<EditedConsultation['sensitive'][number], string>> = {
  'not-for-online-viewing': 'Not for online viewing',
  'third-party': 'Third party information',
};
const SENSITIVITY_SYSTEM = 'https://gladstone.example/CodeSystem/sensitivity';

/** What is signed: every resource of the consultation as one save group. */
export function signConsultation(
  consultation: EditedConsultation,
  ids: ConsultationIds,
  context: EditContext,
): readonly RecordEdit[] {
  const within: EditContext = { ...context, encounterId: ids.encounterId };
  const written = writeTopics(consultation, within);
  return [
    edit('create', encounterFor(consultation, ids, within)),
    ...written.edits,
    edit('create', compositionFor(consultation, ids, within, written.sections)),
  ];
}

/** Later words to a signed consultation: a Composition of its own that appends to the version that was read. */
export function addendumTo(
  target: { readonly compositionId: string; readonly version: number; readonly encounterId?: string },
  lines: readonly EditedLine[],
  compositionId: string,
  context: EditContext,
): readonly RecordEdit[] {
  const within: EditContext = {
    ...context,
    ...(target.encounterId !== undefined && { encounterId: target.encounterId }),
  };
  const { edits, section } = writeHeading({ heading: 'Additional', lines }, within);
  return [
    ...edits,
    edit('create', {
      resourceType: 'Composition',
      id: compositionId,
      status: 'final',
      type: snomed(CONSULTATION_CODE, 'Consultation'),
      subject: patientReference(within),
      ...encounterOf(within),
      date: within.recorded,
      author: [authorReference(within)],
      title: 'Addendum',
      relatesTo: [
        {
          code: 'appends',
          targetReference: { reference: `Composition/${target.compositionId}/_history/${target.version}` },
        },
      ],
      section: [section],
    }),
  ];
}

function encounterFor(
  consultation: EditedConsultation,
  ids: ConsultationIds,
  context: EditContext,
): Encounter {
  const { type, started, ended, location } = consultation;
  const companions = companionsIn(consultation.companions ?? [], patientReference(context));
  return {
    resourceType: 'Encounter',
    id: ids.encounterId,
    ...(companions.contained.length > 0 && { contained: companions.contained }),
    status: 'finished',
    class: CLASSES[type],
    type: [{ text: type }],
    subject: patientReference(context),
    participant: [
      {
        type: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
                code: 'PPRF',
                display: 'primary performer',
              },
            ],
            ...(context.author.role !== undefined && { text: context.author.role }),
          },
        ],
        individual: authorReference(context),
      },
      ...companions.participant,
    ],
    period: { start: started, end: ended ?? context.recorded },
    ...(location && {
      location: [{ location: { reference: `Location/${location.id}`, display: location.name } }],
    }),
    ...(context.organisation && {
      serviceProvider: {
        reference: `Organization/${context.organisation.id}`,
        display: context.organisation.name,
      },
    }),
  };
}

function compositionFor(
  consultation: EditedConsultation,
  ids: ConsultationIds,
  context: EditContext,
  sections: CompositionSection[],
): Composition {
  const extension: Extension[] = [
    ...(consultation.recordedHow === undefined
      ? []
      : [{ url: EXTENSION.recordedHow, valueCode: consultation.recordedHow }]),
    ...consultation.circumstances.map(({ kind, text }) => ({
      url: EXTENSION.circumstance,
      extension: [
        { url: 'kind', valueCode: kind },
        { url: 'text', valueString: text },
      ],
    })),
    ...(consultation.templates ?? []).map(templateUsedExtension),
  ];
  return {
    resourceType: 'Composition',
    id: ids.compositionId,
    ...(consultation.sensitive.length > 0 && {
      meta: {
        security: consultation.sensitive.map((code) => ({
          system: SENSITIVITY_SYSTEM,
          code,
          display: SENSITIVE[code],
        })),
      },
    }),
    ...(extension.length > 0 && { extension }),
    status: 'final',
    type: snomed(CONSULTATION_CODE, 'Consultation'),
    subject: patientReference(context),
    encounter: { reference: `Encounter/${ids.encounterId}` },
    date: context.recorded,
    author: [authorReference(context)],
    title: consultation.type,
    ...(context.organisation && {
      custodian: {
        reference: `Organization/${context.organisation.id}`,
        display: context.organisation.name,
      },
    }),
    ...(sections.length > 0 && { section: sections }),
  };
}

interface Written {
  readonly sections: CompositionSection[];
  readonly edits: readonly RecordEdit[];
}

function writeTopics(consultation: EditedConsultation, context: EditContext): Written {
  const edits: RecordEdit[] = [];
  const sections: CompositionSection[] = [];
  for (const topic of consultation.topics) {
    const headings = topic.headings.filter((heading) => heading.lines.some((line) => !isBlank(line)));
    if (headings.length === 0) continue;
    const written = headings.map((heading) => writeHeading(heading, context));
    for (const one of written) edits.push(...one.edits);
    const problem = topic.problem ?? problemAmong(written);
    sections.push({
      ...(topic.title !== '' && { title: topic.title }),
      code: snomed(TOPIC_CODE, 'Topic'),
      ...(problem !== undefined && { focus: { reference: problem } }),
      section: written.map(({ section }) => section),
    });
  }
  return { sections, edits };
}

/** The problem made under this topic, if there is one: the topic is about it. */
function problemAmong(written: readonly { readonly edits: readonly RecordEdit[] }[]): string | undefined {
  const made = written.flatMap(({ edits }) => edits).find(({ after }) => after.resourceType === 'Condition');
  return made && `Condition/${made.after.id}`;
}

function isBlank(line: EditedLine): boolean {
  return line.kind === 'text' && line.text.trim() === '';
}

/**
 * One heading. Lines of one kind stand in the section itself; where text and entries alternate, each run gets a section
 * without a heading of its own, so that the order in which they were entered stays.
 */
function writeHeading(
  heading: EditedHeading,
  context: EditContext,
): { readonly section: CompositionSection; readonly edits: readonly RecordEdit[] } {
  const edits: RecordEdit[] = [];
  const runs: CompositionSection[] = [];
  for (const line of heading.lines) {
    if (isBlank(line)) continue;
    const last = runs.at(-1);
    if (line.kind === 'text') {
      const lines = last?.text ? narrativeText(last.text.div) : [];
      const text = narrative([...lines, ...line.text.split('\n')]);
      if (last?.text) last.text = text;
      else runs.push({ text });
      continue;
    }
    let entry: { reference: string; display: string };
    if (line.kind === 'existing') {
      entry = { reference: line.reference, display: line.display };
    } else {
      const made = codedEntry(line.entry, context);
      edits.push(made);
      entry = {
        reference: `${made.after.resourceType}/${made.after.id}`,
        display: line.entry.concept.text,
      };
    }
    if (last?.entry) last.entry.push(entry);
    else runs.push({ entry: [entry] });
  }
  const code = snomed(HEADING_CODE, 'Heading');
  const [only, ...more] = runs;
  if (more.length === 0) return { section: { title: heading.heading, code, ...only }, edits };
  return {
    section: {
      title: heading.heading,
      code,
      section: runs.map((run) => ({
        extension: [{ url: EXTENSION.entriesWithoutHeading, valueBoolean: true }],
        ...run,
      })),
    },
    edits,
  };
}

/** Text as narrative: escaped, one line a break. */
function narrative(lines: readonly string[]): NonNullable<CompositionSection['text']> {
  const escaped = lines.map((line) =>
    line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  );
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${escaped.join('<br/>')}</div>`,
  };
}
