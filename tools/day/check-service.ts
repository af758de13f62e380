/**
 * The service after the day against what was meant: every entry once, on the right patient, by its author, at its
 * clinical time, headings in the order in which they were used; and nothing besides.
 */
import type { Quantity } from '@medplum/fhirtypes';
import { quantityWritten } from '../../domain/fhir/quantity.ts';
import { narrativeText } from '../../domain/record/narrative-text.ts';
import type { Act } from './acts.ts';
import { daysFrom } from './setting.ts';
import { practitionerOf } from './people.ts';
import type { DayPatient, Role } from './people.ts';
import type { PlannedConsultation, PlannedMedicine, PlannedSet } from './plan.ts';
import { at, listAt, textAt } from './service-record.ts';
import type { Resource, ServiceChange } from './service-record.ts';

export interface Finding {
  readonly what: string;
  /** Empty where all is as it was meant. */
  readonly differences: readonly string[];
}

/** What was entered, by whom and when. */
export type Entered = { readonly role: Role; readonly patient: DayPatient; readonly act: Act } & (
  | { readonly kind: 'consultation'; readonly planned: PlannedConsultation }
  | { readonly kind: 'observations'; readonly planned: PlannedSet }
  | { readonly kind: 'medicine'; readonly planned: PlannedMedicine }
  | { readonly kind: 'allergy'; readonly planned: { readonly agent: string; readonly reaction: string } }
);

/** Resources that the day made, each taken by the entry that it belongs to: what is left over was meant by nobody. */
export class MadeToday {
  readonly #left: Map<string, Resource>;
  readonly today: string;

  constructor(change: ServiceChange, today: string) {
    this.#left = new Map(change.created);
    this.today = today;
  }

  get left(): readonly string[] {
    return [...this.#left.keys()];
  }

  find(type: string, is: (resource: Resource) => boolean): readonly Resource[] {
    return [...this.#left.values()].filter((resource) => resource.resourceType === type && is(resource));
  }

  take(reference: string): Resource | undefined {
    const found = this.#left.get(reference);
    this.#left.delete(reference);
    return found;
  }
}

export function checkEntry(entered: Entered, made: MadeToday): Finding {
  const { role, patient, kind } = entered;
  const differences: string[] = [];
  const says = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      differences.push(`${what}: ${JSON.stringify(found ?? null)} instead of ${JSON.stringify(wanted)}`);
  };
  switch (entered.kind) {
    case 'consultation':
      checkConsultation(entered, entered.planned, made, says);
      break;
    case 'observations':
      checkObservations(entered, entered.planned, made, says);
      break;
    case 'medicine':
      checkMedicine(entered, entered.planned, made, says);
      break;
    case 'allergy':
      checkAllergy(entered, entered.planned, made, says);
      break;
  }
  return { what: `${kind} of ${patient.label} by the ${role}`, differences };
}

type Says = (what: string, found: unknown, wanted: unknown) => void;

function checkConsultation(
  { role, patient, act }: Entered,
  planned: PlannedConsultation,
  made: MadeToday,
  says: Says,
): void {
  const first = planned.lines[0]?.text ?? '';
  const found = made.find('Composition', (one) => JSON.stringify(linesOf(one)).includes(plain(first)));
  says('consultations with these words', found.length, 1);
  const [composition] = found;
  if (!composition) return;
  made.take(`Composition/${composition.id}`);
  says('status', composition['status'], 'final');
  says('patient', textAt(composition, 'subject.reference'), `Patient/${patient.id}`);
  says('author', textAt(composition, 'author.0.reference'), practitionerOf(role));
  says('time', within(textAt(composition, 'date'), act), true);
  says('version', textAt(composition, 'meta.versionId'), '1');

  const encounterKey = textAt(composition, 'encounter.reference');
  const encounter = made.take(encounterKey);
  says('encounter', encounter !== undefined, true);
  says('encounter’s patient', textAt(encounter, 'subject.reference'), `Patient/${patient.id}`);
  says('encounter’s kind', textAt(encounter, 'type.0.text'), planned.type);
  says('encounter’s author', textAt(encounter, 'participant.0.individual.reference'), practitionerOf(role));
  says('beginning', within(textAt(encounter, 'period.start'), act), true);
  says('end', within(textAt(encounter, 'period.end'), act), true);

  const written = linesOf(composition);
  says(
    'headings in order',
    written.map(({ heading }) => heading),
    planned.lines.map(({ heading }) => heading),
  );
  for (const [index, line] of planned.lines.entries()) {
    const there = written[index];
    if (!line.coded) {
      says(`words under ${line.heading}`, there?.lines, [line.text]);
      continue;
    }
    const reference = there?.entries[0] ?? '';
    says(`entries under ${line.heading}`, there?.entries.length, 1);
    const condition = made.take(reference);
    says('coded problem', reference.split('/')[0], 'Condition');
    says('its code', textAt(condition, 'code.coding.0.code'), line.coded.code);
    says('its system', textAt(condition, 'code.coding.0.system'), 'http://snomed.info/sct');
    says('its term', textAt(condition, 'code.text'), line.coded.term);
    says(
      'its words',
      listAt(condition, 'note').map((note) => textAt(note, 'text')),
      [line.text],
    );
    says('its patient', textAt(condition, 'subject.reference'), `Patient/${patient.id}`);
    says('its author', textAt(condition, 'recorder.reference'), practitionerOf(role));
    says('its consultation', textAt(condition, 'encounter.reference'), encounterKey);
    says('its time', within(textAt(condition, 'recordedDate'), act), true);
    says(
      'significant, new',
      listAt(condition, 'extension').map((one) => at(one, 'valueCode')),
      ['major', 'new'],
    );
  }
  const due = planned.lines.filter((line) => line.dueInDays !== undefined);
  for (const line of due) {
    const tasks = made.find('Task', (task) => textAt(task, 'description').includes(line.text));
    says('follow-up tasks', tasks.length, 1);
    const [task] = tasks;
    if (!task) continue;
    made.take(`Task/${task.id}`);
    says(
      'follow-up’s day',
      textAt(task, 'restriction.period.end'),
      daysFrom(made.today, line.dueInDays ?? 0),
    );
    says('follow-up’s patient', textAt(task, 'for.reference'), `Patient/${patient.id}`);
    says('follow-up’s owner', textAt(task, 'owner.reference'), practitionerOf(role));
    says('follow-up’s author', textAt(task, 'requester.reference'), practitionerOf(role));
  }
}

interface WrittenHeading {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly entries: readonly string[];
}

/** Headings in the order in which they stand, with their words and entries. */
function linesOf(composition: Resource): readonly WrittenHeading[] {
  return listAt(composition, 'section').flatMap((topic) =>
    listAt(topic, 'section').map((heading) => ({
      heading: textAt(heading, 'title'),
      lines: [heading, ...listAt(heading, 'section')].flatMap((run) =>
        narrativeText(textAt(run, 'text.div')),
      ),
      entries: [heading, ...listAt(heading, 'section')].flatMap((run) =>
        listAt(run, 'entry').map((entry) => textAt(entry, 'reference')),
      ),
    })),
  );
}

function plain(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function checkObservations(
  { role, patient, act }: Entered,
  planned: PlannedSet,
  made: MadeToday,
  says: Says,
): void {
  const mine = made.find(
    'Observation',
    (one) =>
      textAt(one, 'subject.reference') === `Patient/${patient.id}` &&
      textAt(one, 'performer.0.reference') === practitionerOf(role) &&
      within(textAt(one, 'issued') || textAt(one, 'effectiveDateTime'), act),
  );
  const codes = (one: Resource): readonly string[] =>
    listAt(one, 'code.coding').map((coding) => textAt(coding, 'code'));
  const wanted = planned.values.length + (planned.news2 === null ? 0 : 1);
  says('observations', mine.length, wanted);
  for (const one of mine) {
    made.take(`Observation/${one.id}`);
    says('status', one['status'], 'final');
    says('clinical time', within(textAt(one, 'effectiveDateTime'), act), true);
    says('version', textAt(one, 'meta.versionId'), '1');
  }
  const members: string[] = [];
  for (const { box, code, stored } of planned.values) {
    const found = mine.filter((one) => codes(one).includes(code));
    says(`${box} with the code ${code}`, found.length, 1);
    const [observation] = found;
    if (!observation) continue;
    if (box !== 'pulseRhythm' && box !== 'glucose') members.push(`Observation/${observation.id}`);
    says(box, valueOf(observation), stored);
  }
  if (planned.news2 === null) return;
  const [score] = mine.filter((one) => codes(one).includes('1104051000000101'));
  says('NEWS2', valueOf(score), String(planned.news2.total));
  says('NEWS2’s band', textAt(score, 'interpretation.0.text'), planned.news2.band);
  says(
    'NEWS2’s members',
    listAt(score, 'hasMember')
      .map((member) => textAt(member, 'reference'))
      .toSorted(),
    members.toSorted(),
  );
}

/** Numbers as they were typed: `5.0` stays `5.0` (clinical.md: recorded precision wins). */
function valueOf(observation: Resource | undefined): string {
  const written = (part: unknown): string =>
    quantityWritten(at(part, 'valueQuantity') as Quantity | undefined) ?? '';
  const single = written(observation);
  if (single !== '') return single;
  const coded = textAt(observation, 'valueCodeableConcept.coding.0.code');
  const components = listAt(observation, 'component').map(written);
  return coded !== '' ? coded : components.length === 2 ? components.join('/') : '';
}

function checkMedicine(
  { role, patient, act }: Entered,
  planned: PlannedMedicine,
  made: MadeToday,
  says: Says,
): void {
  const found = made.find(
    'MedicationStatement',
    (one) => textAt(one, 'subject.reference') === `Patient/${patient.id}`,
  );
  says('medicines of the patient', found.length, 1);
  const [medicine] = found;
  if (!medicine) return;
  made.take(`MedicationStatement/${medicine.id}`);
  says('drug', textAt(medicine, 'medicationCodeableConcept.text'), planned.drug);
  says('dose', textAt(medicine, 'dosage.0.text'), planned.dose);
  says('status', medicine['status'], 'active');
  says('author', textAt(medicine, 'informationSource.reference'), practitionerOf(role));
  says('time', within(textAt(medicine, 'dateAsserted'), act), true);
  says('version', textAt(medicine, 'meta.versionId'), '1');
}

function checkAllergy(
  { role, patient, act }: Entered,
  planned: { readonly agent: string; readonly reaction: string },
  made: MadeToday,
  says: Says,
): void {
  const found = made.find('AllergyIntolerance', () => true);
  says('allergies', found.length, 1);
  const [allergy] = found;
  if (!allergy) return;
  made.take(`AllergyIntolerance/${allergy.id}`);
  says('patient', textAt(allergy, 'patient.reference'), `Patient/${patient.id}`);
  says('agent', textAt(allergy, 'code.text'), planned.agent);
  says('reaction', textAt(allergy, 'reaction.0.manifestation.0.text'), planned.reaction);
  says('active', textAt(allergy, 'clinicalStatus.coding.0.code'), 'active');
  says('author', textAt(allergy, 'recorder.reference'), practitionerOf(role));
  says('time', within(textAt(allergy, 'recordedDate'), act), true);
}

/** Clinical times are written to the second; an act takes many. */
function within(instant: string, { began, saved }: Act): boolean {
  const moment = Date.parse(instant);
  return moment >= Date.parse(began) - 1_000 && moment <= Date.parse(saved) + 1_000;
}
