import type {
  CodeableConcept,
  Composition,
  CompositionSection,
  Condition,
  Encounter,
  Observation,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { buildObservations } from '../../domain/clinical/observation-resources.ts';
import type { EnteredObservation } from '../../domain/clinical/observation-resources.ts';
import { formatCivilDate } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { SOURCE_EXTENSION } from '../import/systems.ts';
import { momentOf } from './clock.ts';
import { concept, wordsOf } from './concepts.ts';
import type { ConceptName } from './concepts.ts';
import { demoOrganisation } from './demo-practice.ts';
import type { DemoStaff } from './demo-practice.ts';
import type { Person } from './people.ts';
import type { Chance } from './random.ts';

export type EncounterKind = 'GP Surgery' | 'Telephone call to a patient' | 'Home visit' | 'Administration';

const CLASSES: Readonly<Record<EncounterKind, { code: string; display: string }>> = {
  'GP Surgery': { code: 'AMB', display: 'ambulatory' },
  'Telephone call to a patient': { code: 'VR', display: 'virtual' },
  'Home visit': { code: 'HH', display: 'home health' },
  Administration: { code: 'VR', display: 'virtual' },
};

/** Collects one patient's resources; ids count within the patient. */
export class RecordWriter {
  readonly person: Person;
  readonly chance: Chance;
  readonly today: CivilDate;
  readonly resources: Resource[] = [];
  readonly #newId: () => string;

  constructor(person: Person, chance: Chance, today: CivilDate, newId: () => string) {
    this.person = person;
    this.chance = chance;
    this.today = today;
    this.#newId = newId;
  }

  get subject(): { reference: string; display: string } {
    return { reference: `Patient/${this.person.id}`, display: `${this.person.given} ${this.person.family}` };
  }

  newId(): string {
    return this.#newId();
  }

  /** Adds a resource and gives the reference to it. */
  add(resource: Resource): { reference: string } {
    this.resources.push(resource);
    return { reference: `${resource.resourceType}/${resource.id ?? ''}` };
  }

  problem(
    name: ConceptName,
    day: CivilDate,
    options: {
      readonly significance: 'major' | 'minor';
      readonly ended?: CivilDate;
      readonly by: DemoStaff;
      readonly encounter?: Reference<Encounter>;
    },
  ): Reference<Condition> {
    const { significance, ended, by, encounter } = options;
    return this.add({
      resourceType: 'Condition',
      id: this.newId(),
      extension: [{ url: SOURCE_EXTENSION.problemSignificance, valueCode: significance }],
      clinicalStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
            code: ended ? 'inactive' : 'active',
          },
        ],
      },
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/condition-category',
              code: 'problem-list-item',
              display: 'Problem List Item',
            },
          ],
        },
      ],
      code: concept(name),
      subject: this.subject,
      ...(encounter && { encounter }),
      onsetDateTime: formatCivilDate(day),
      ...(ended && { abatementDateTime: formatCivilDate(ended) }),
      recordedDate: momentOf(day, 9 * 60),
      recorder: staffReference(by),
      asserter: staffReference(by),
    });
  }

  consultation(options: {
    readonly day: CivilDate;
    readonly minutes: number;
    readonly by: DemoStaff;
    readonly kind?: EncounterKind;
    readonly appointment?: string;
  }): ConsultationWriter {
    return new ConsultationWriter(this, options);
  }
}

export function staffReference(staff: DemoStaff): { reference: string; display: string } {
  return { reference: `Practitioner/${staff.practitionerId}`, display: staff.displayName };
}

interface Topic {
  readonly title?: string;
  readonly problem?: Reference<Condition>;
  readonly headings: { title: string; entries: { reference: string }[] }[];
}

/** One signed consultation: an Encounter and its Composition of topics, headings and entries (docs/decisions/030). */
export class ConsultationWriter {
  readonly encounter: Reference<Encounter>;
  readonly #record: RecordWriter;
  readonly #options: { day: CivilDate; minutes: number; by: DemoStaff; kind: EncounterKind };
  readonly #topics: Topic[] = [];

  constructor(
    record: RecordWriter,
    options: { day: CivilDate; minutes: number; by: DemoStaff; kind?: EncounterKind; appointment?: string },
  ) {
    this.#record = record;
    const kind = options.kind ?? 'GP Surgery';
    this.#options = { ...options, kind };
    const { day, minutes, by } = options;
    this.encounter = record.add({
      resourceType: 'Encounter',
      id: record.newId(),
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', ...CLASSES[kind] },
      type: [{ text: kind }],
      subject: record.subject,
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
            },
          ],
          individual: staffReference(by),
        },
      ],
      ...(options.appointment !== undefined && {
        appointment: [{ reference: `Appointment/${options.appointment}` }],
      }),
      period: { start: momentOf(day, minutes), end: momentOf(day, minutes + 9) },
      location: [
        { location: { reference: `Location/${demoOrganisation.mainLocationId}`, display: 'Main surgery' } },
      ],
      serviceProvider: { reference: `Organization/${demoOrganisation.id}`, display: demoOrganisation.name },
    });
  }

  get time(): string {
    return momentOf(this.#options.day, this.#options.minutes);
  }

  get by(): DemoStaff {
    return this.#options.by;
  }

  get day(): CivilDate {
    return this.#options.day;
  }

  /** Begins a topic; headings that follow stand under it. */
  topic(problem?: { readonly name: ConceptName; readonly reference: Reference<Condition> }): void {
    this.#topics.push(
      problem ? { title: wordsOf(problem.name), problem: problem.reference, headings: [] } : { headings: [] },
    );
  }

  /** Puts an entry under a heading, opening the heading where the last one was another. */
  enter(heading: string, entry: { reference?: string }): void {
    if (this.#topics.length === 0) this.topic();
    const headings = this.#topics.at(-1)?.headings ?? [];
    let last = headings.at(-1);
    if (last?.title !== heading) {
      last = { title: heading, entries: [] };
      headings.push(last);
    }
    last.entries.push({ reference: entry.reference ?? '' });
  }

  /** Free text, or text with a coded term. */
  note(heading: string, text: string, code: CodeableConcept = concept('comment')): void {
    const observation: Observation = {
      resourceType: 'Observation',
      id: this.#record.newId(),
      status: 'final',
      code,
      subject: this.#record.subject,
      encounter: this.encounter,
      effectiveDateTime: this.time,
      issued: this.time,
      performer: [staffReference(this.by)],
      note: [{ text }],
    };
    this.enter(heading, this.#record.add(observation));
  }

  /** Measurements, written as the desktop writes them. */
  measure(heading: string, ...entered: readonly EnteredObservation[]): void {
    const observations = buildObservations(entered, {
      subject: this.#record.subject,
      encounter: this.encounter,
      performer: [staffReference(this.by)],
      effective: this.time,
      recorded: this.time,
      newId: () => this.#record.newId(),
    });
    for (const observation of observations) this.enter(heading, this.#record.add(observation));
  }

  /** A new problem, found at this consultation; it opens its own topic. */
  diagnose(
    name: ConceptName,
    options: { readonly significance?: 'major' | 'minor'; readonly ended?: CivilDate } = {},
  ): Reference<Condition> {
    const { significance = 'minor', ended } = options;
    const reference = this.#record.problem(name, this.day, {
      significance,
      by: this.by,
      encounter: this.encounter,
      ...(ended && { ended }),
    });
    this.topic({ name, reference });
    this.enter('Problem', { reference: reference.reference ?? '' });
    return reference;
  }

  /** Signs: the Composition closes the consultation. */
  sign(): void {
    const { day, minutes, by, kind } = this.#options;
    const composition: Composition = {
      resourceType: 'Composition',
      id: this.#record.newId(),
      status: 'final',
      type: concept('consultation'),
      subject: this.#record.subject,
      encounter: this.encounter,
      date: momentOf(day, minutes + 9),
      author: [staffReference(by)],
      title: kind,
      attester: [{ mode: 'professional', time: momentOf(day, minutes + 9), party: staffReference(by) }],
      custodian: { reference: `Organization/${demoOrganisation.id}`, display: demoOrganisation.name },
      section: this.#topics.map(sectionOf),
    };
    this.#record.add(composition);
  }
}

function sectionOf(topic: Topic): CompositionSection {
  return {
    ...(topic.problem?.reference !== undefined && {
      extension: [
        {
          url: SOURCE_EXTENSION.relatedProblemHeader,
          extension: [{ url: 'target', valueReference: { reference: topic.problem.reference } }],
        },
      ],
    }),
    ...(topic.title !== undefined && { title: topic.title }),
    code: concept('topic'),
    section: topic.headings.map(({ title, entries }) => ({
      title,
      code: concept('heading'),
      entry: entries,
    })),
  };
}
