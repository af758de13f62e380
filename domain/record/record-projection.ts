/** From shown resources to what a screen is given: the whole at once lean, each tab when it is asked for. */
import type { Patient } from '@medplum/fhirtypes';
import { asAt, AS_AT_LIMITS } from './as-at.ts';
import { allergyList } from './allergy-list.ts';
import { alertList, allergyState, completenessWarnings } from './alert-list.ts';
import { compareTasks, taskView } from './task-list.ts';
import { documentList } from './document-list.ts';
import { entryView } from './entry-view.ts';
import { isFreeText } from './free-text.ts';
import { journal, newestConsultations } from './journal.ts';
import { medicationList } from './medication-list.ts';
import { lastValues, observationSeries, observationTable } from './observation-table.ts';
import { openNoteEntries } from './open-note-entries.ts';
import { problemList, recentDiagnoses } from './problem-list.ts';
import { RecordContents, type Shown } from './record-contents.ts';
import { reminderList } from './reminder-list.ts';
import { reportList } from './report-list.ts';
import { standingFacts } from './standing-facts.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import type { AnyResource, ShownResource } from './overlay.ts';
import type { ResourceKey } from '../identifiers.ts';
import type {
  ConsultationGlance,
  EntryView,
  JournalConsultation,
  RecordCompleteness,
  RecordView,
  RecordViewName,
  RecordViews,
  RecordWarning,
  TaskView,
} from './record-view.ts';

export interface RecordFacts {
  readonly patientId: string;
  /** FHIR date of today in England. */
  readonly today: string;
  readonly asAt: string | null;
  readonly state: RecordCompleteness['state'];
  readonly dataAsOf: string | null;
}

const LAST_VALUES = 16;
const LAST_CONSULTATIONS = 6;
const PAST_PROBLEMS = 12;
const GIST_LENGTH = 160;

/** One open record. Each view is projected once, when it is first asked for. */
export class OpenRecord {
  readonly contents: RecordContents;
  readonly #facts: RecordFacts;
  readonly #made = new Map<string, unknown>();

  constructor(
    shown: readonly ShownResource[],
    shared: (key: ResourceKey) => AnyResource | undefined,
    facts: RecordFacts,
  ) {
    this.contents = new RecordContents(facts.asAt === null ? shown : asAt(shown, facts.asAt), shared);
    this.#facts = facts;
  }

  view<Name extends RecordViewName>(name: Name): RecordViews[Name] {
    return this.#once(name, () => this.#project(name)) as RecordViews[Name];
  }

  #project(name: RecordViewName): RecordViews[RecordViewName] {
    const { contents } = this;
    switch (name) {
      case 'journal':
        return journal(contents);
      case 'problems':
        return problemList(contents, this.#facts.today);
      case 'allergies':
        return allergyList(contents);
      case 'medication':
        return medicationList(contents, this.#facts.today);
      case 'observations':
        return observationTable(contents);
      case 'series':
        return observationSeries(contents);
      case 'reports':
        return reportList(contents);
      case 'documents':
        return documentList(contents);
      case 'tasks':
        return this.#tasks();
      case 'timeline':
        return timeline(contents);
      case 'openNotes':
        return openNoteEntries(contents);
    }
  }

  /** `null` where there is no Patient in what is here. */
  record(): RecordView | null {
    const patient = this.contents
      .ofType('Patient')
      .find(({ resource }) => resource.id === this.#facts.patientId);
    return patient ? this.#once('record', () => this.#record(patient)) : null;
  }

  #record({ source, resource }: Shown<Patient>): RecordView {
    const { contents } = this;
    const warnings = [...completenessWarnings(contents), ...this.#warnings()];
    const medication = this.view('medication');
    const problems = this.view('problems').filter((problem) => problem.enteredInError === null);
    return {
      patientId: this.#facts.patientId,
      asAt: this.#facts.asAt,
      patient: resource,
      patientSource: source,
      allergies: contents.ofType('AllergyIntolerance').map((allergy) => allergy.resource),
      allergyState: allergyState(warnings),
      allergyList: this.view('allergies'),
      alerts: alertList(contents),
      completeness: {
        state: this.#facts.state,
        dataAsOf: this.#facts.dataAsOf,
        resources: contents.all.length,
        warnings,
      },
      standing: standingFacts(contents, resource),
      sensitiveEntries: contents.all.filter((item) => item.source.guarded === 'sensitive').length,
      pending: contents.all.flatMap((item) => (item.source.pending ? [item.source] : [])),
      summary: {
        problems: problems.filter((problem) => problem.status !== 'past'),
        pastProblems: problems.filter((problem) => problem.status === 'past').length,
        lastPastProblems: problems.filter((problem) => problem.status === 'past').slice(0, PAST_PROBLEMS),
        recentDiagnoses: recentDiagnoses(contents, this.#facts.today),
        medication: medication.filter((medicine) => medicine.list === 'current'),
        disputedMedication: medication.filter((medicine) => medicine.list === 'disputed'),
        lastValues: lastValues(contents, LAST_VALUES),
        consultations: newestConsultations(contents, LAST_CONSULTATIONS).map(glance),
        reminders: reminderList(contents, medication, this.#facts.today),
        openTasks: this.#tasks().filter((task) => task.open),
      },
    };
  }

  #tasks(): readonly TaskView[] {
    return this.contents
      .ofType('Task')
      .map(({ source, resource }) => taskView(resource, source, this.#facts.patientId))
      .sort(compareTasks);
  }

  #warnings(): readonly RecordWarning[] {
    const disputed = new Set(
      this.contents.all.filter((item) => item.source.disputed !== undefined).map((item) => item.source.key),
    );
    return [
      ...(disputed.size > 0
        ? [
            {
              code: 'disputed' as const,
              text: `${disputed.size} ${disputed.size === 1 ? 'entry was' : 'entries were'} changed in two places. Both versions are shown until a person decides.`,
            },
          ]
        : []),
      ...(this.#facts.asAt === null ? [] : [{ code: 'other' as const, text: AS_AT_LIMITS }]),
    ];
  }

  #once<T>(name: string, make: () => T): T {
    const made = this.#made.get(name);
    if (made !== undefined) return made as T;
    const fresh = make();
    this.#made.set(name, fresh);
    return fresh;
  }
}

/** Every resource as an entry, newest first, flat: nothing left out. */
function timeline(contents: RecordContents): readonly EntryView[] {
  return contents.all
    .map((item) => entryView(item, contents))
    .map((entry) => ({ entry, moment: sortKeyOf(entry.when ?? undefined) }))
    .sort(
      (left, right) =>
        right.moment - left.moment || (left.entry.source.key < right.entry.source.key ? -1 : 1),
    )
    .map(({ entry }) => entry);
}

function glance(consultation: JournalConsultation): ConsultationGlance {
  return {
    source: holdsGuarded(consultation)
      ? { ...consultation.source, guarded: 'sensitive' }
      : consultation.source,
    type: consultation.type,
    when: consultation.when,
    staff: consultation.staff[0]?.name ?? null,
    gist: gistOf(consultation),
  };
}

/** A glance gives words of all that stands in the consultation: it is as sensitive as the most sensitive of them. */
function holdsGuarded({ topics }: JournalConsultation): boolean {
  return topics.some(
    (topic) =>
      topic.guarded ||
      topic.headings.some(({ entries }) => entries.some(({ source }) => source.guarded !== undefined)),
  );
}

/** What it was about, then the words that were written, then what was coded, prescribed and measured: a glance. */
function gistOf(consultation: JournalConsultation): string {
  const headings = consultation.topics.flatMap((topic) => topic.headings);
  const lines = headings.flatMap((heading) => heading.lines);
  const isMeasured = (entry: EntryView): boolean => entry.resourceType === 'Observation';
  const written = lines.flatMap((line) =>
    line.kind === 'text' ? [line.text] : isFreeText(line.entry) ? line.entry.notes : [],
  );
  const entries = headings.flatMap((heading) => heading.entries).filter((entry) => !isFreeText(entry));
  const named = (entry: EntryView): string =>
    [entry.text, entry.value].filter((part) => part !== null).join(' ');
  const gist = [
    ...new Set([
      ...consultation.topics.map((topic) => topic.title).filter((title) => title !== ''),
      ...entries.filter((entry) => entry.resourceType === 'Condition').map(named),
      ...written,
      ...entries.filter((entry) => !isMeasured(entry)).map(named),
      ...entries.filter(isMeasured).map(named),
    ]),
  ].join(' · ');
  return gist.length <= GIST_LENGTH ? gist : `${gist.slice(0, GIST_LENGTH - 1)}…`;
}
