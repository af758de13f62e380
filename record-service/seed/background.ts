import type { AllergyIntolerance, DocumentReference } from '@medplum/fhirtypes';
import { addDays, addMonths, compareCivilDates, formatCivilDate } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { UK_CORE_EXTENSION } from '../import/systems.ts';
import { momentOf } from './clock.ts';
import { concept, wordsOf } from './concepts.ts';
import type { ConceptName } from './concepts.ts';
import { TASK_CATEGORY_SYSTEM } from '../identity/access.ts';
import { demoOrganisation, demoStaff } from './demo-practice.ts';
import { laterOf } from './long-term-conditions.ts';
import { ageAt } from './people.ts';
import { staffReference } from './record-writer.ts';
import type { RecordWriter } from './record-writer.ts';

/** What stands in a record beside its consultations: allergies, vaccinations, letters, tasks, warnings. */

const ALLERGENS: readonly {
  readonly name: ConceptName;
  readonly chance: number;
  readonly category: 'medication' | 'food' | 'environment';
  readonly reactions: readonly string[];
}[] = [
  {
    name: 'penicillinAllergy',
    chance: 0.07,
    category: 'medication',
    reactions: ['Rash', 'Urticaria', 'Anaphylaxis', 'Vomiting'],
  },
  { name: 'aspirinAllergy', chance: 0.015, category: 'medication', reactions: ['Wheeze', 'Urticaria'] },
  { name: 'trimethoprimReaction', chance: 0.015, category: 'medication', reactions: ['Rash'] },
  { name: 'simvastatinReaction', chance: 0.015, category: 'medication', reactions: ['Muscle pain'] },
  { name: 'peanutAllergy', chance: 0.012, category: 'food', reactions: ['Anaphylaxis', 'Lip swelling'] },
  { name: 'eggAllergy', chance: 0.008, category: 'food', reactions: ['Urticaria'] },
  { name: 'latexAllergy', chance: 0.008, category: 'environment', reactions: ['Contact urticaria'] },
];

const ALLERGY_STATUS = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';

/** Known allergies; or that there are none, where somebody asked; or nothing, where nobody did. */
export function addAllergies(record: RecordWriter, firstDay: CivilDate): { readonly penicillin: boolean } {
  const { chance } = record;
  const known = ALLERGENS.filter((allergen) => chance.yes(allergen.chance));
  const day = addDays(firstDay, chance.whole(0, 900));
  const recorded = compareCivilDates(day, record.today) < 0 ? day : firstDay;
  const common = (name: ConceptName): AllergyIntolerance => ({
    resourceType: 'AllergyIntolerance',
    id: record.newId(),
    clinicalStatus: { coding: [{ system: ALLERGY_STATUS, code: 'active' }] },
    verificationStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
          code: 'confirmed',
        },
      ],
    },
    code: concept(name),
    patient: record.subject,
    recordedDate: momentOf(recorded, 615),
    recorder: staffReference(demoStaff.gp),
  });
  for (const { name, category, reactions } of known) {
    const reaction = chance.pick(reactions);
    record.add({
      ...common(name),
      type: 'allergy',
      category: [category],
      criticality: reaction === 'Anaphylaxis' ? 'high' : 'low',
      reaction: [
        { manifestation: [{ text: reaction }], severity: reaction === 'Anaphylaxis' ? 'severe' : 'mild' },
      ],
    });
  }
  if (known.length === 0 && chance.yes(0.75)) record.add(common('noKnownAllergy'));
  return { penicillin: known.some((allergen) => allergen.name === 'penicillinAllergy') };
}

export function addVaccinations(record: RecordWriter, lastDay: CivilDate): void {
  const { person, chance, today } = record;
  const age = ageAt(person, today);
  const give = (name: ConceptName, day: CivilDate): void => {
    if (compareCivilDates(day, lastDay) > 0 || compareCivilDates(day, person.born) < 0) return;
    record.add({
      resourceType: 'Immunization',
      id: record.newId(),
      extension: [{ url: UK_CORE_EXTENSION.vaccinationProcedure, valueCodeableConcept: concept(name) }],
      status: 'completed',
      vaccineCode: { text: wordsOf(name) },
      patient: record.subject,
      occurrenceDateTime: formatCivilDate(day),
      recorded: momentOf(day, 640),
      primarySource: true,
      lotNumber: `GD${String(chance.whole(10_000, 99_999))}`,
      site: concept('leftUpperArm'),
      route: concept('intramuscular'),
      performer: [{ actor: staffReference(demoStaff.nurse) }],
    });
  };
  if (age <= 20) {
    const schedule = [
      ['fiveInOneFirst', 2],
      ['pneumococcalFirst', 2],
      ['fiveInOneSecond', 3],
      ['pneumococcalSecond', 4],
      ['fiveInOneThird', 4],
      ['mmr', 13],
    ] as const;
    for (const [name, months] of schedule) {
      if (chance.yes(0.94)) give(name, addDays(addMonths(person.born, months), chance.whole(0, 20)));
    }
  }
  if (age >= 18 && chance.yes(0.85))
    give('covid', addDays({ year: 2021, month: 2, day: 1 }, chance.whole(0, 150)));
  if (age >= 65 || chance.yes(0.1)) {
    for (let back = 0; back < Math.min(7, age - 60); back += 1) {
      if (chance.yes(0.8))
        give('influenza', addDays({ year: today.year - back, month: 10, day: 1 }, chance.whole(0, 45)));
    }
  }
}

const LETTERS: readonly {
  readonly type: ConceptName;
  readonly title: string;
  readonly text: readonly string[];
}[] = [
  {
    type: 'clinicalLetter',
    title: 'Outpatient letter',
    text: [
      'Thank you for referring this patient, whom I saw in clinic today.',
      'Examination was unremarkable and the investigations are reassuring.',
      'I have not arranged further follow up and would be glad to see the patient again if symptoms return.',
    ],
  },
  {
    type: 'dischargeLetter',
    title: 'Discharge summary',
    text: [
      'Admitted as an emergency with chest pain. Serial troponins negative, ECG unchanged.',
      'Discharged home the next day. No change to medication.',
      'GP to repeat blood pressure in two weeks, please.',
    ],
  },
  {
    type: 'clinicalLetter',
    title: 'Diabetic eye screening result',
    text: ['Retinal photographs of both eyes show no retinopathy.', 'Next screening in twelve months.'],
  },
  {
    type: 'referralLetter',
    title: 'Referral to physiotherapy',
    text: [
      'Please see this patient for assessment and treatment of persistent low back pain.',
      'No red flags. Analgesia in use.',
    ],
  },
];

/** Letters, as text that can be opened offline. */
export function addLetters(
  record: RecordWriter,
  firstDay: CivilDate,
  lastDay: CivilDate,
  count: number,
): void {
  const { chance, person } = record;
  for (let index = 0; index < count; index += 1) {
    const day = laterOf(addDays(lastDay, -chance.whole(5, 2500)), firstDay);
    const letter = chance.pick(LETTERS);
    const name = `${person.given} ${person.family}`;
    const body = [
      `Calder Valley Hospitals (demonstration)`,
      '',
      `Re: ${name}`,
      '',
      `Dear Dr Okafor`,
      '',
      ...letter.text,
      '',
      'Yours sincerely',
      '',
      'Consultant',
    ].join('\n');
    const data = Buffer.from(body, 'utf8');
    const document: DocumentReference = {
      resourceType: 'DocumentReference',
      id: record.newId(),
      status: 'current',
      type: { ...concept(letter.type), text: letter.title },
      subject: record.subject,
      date: momentOf(day, 9 * 60 + 30),
      author: [
        { display: letter.type === 'referralLetter' ? demoStaff.gp.displayName : 'Calder Valley Hospitals' },
      ],
      custodian: { reference: `Organization/${demoOrganisation.id}`, display: demoOrganisation.name },
      description: `${letter.title} (${formatCivilDate(day)})`,
      content: [
        {
          attachment: {
            contentType: 'text/plain',
            data: data.toString('base64'),
            size: data.byteLength,
            title: letter.title,
            creation: formatCivilDate(day),
          },
        },
      ],
    };
    record.add(document);
  }
}

const TASKS: readonly {
  readonly text: string;
  readonly kind: string;
  readonly priority: 'routine' | 'urgent' | 'asap';
  readonly owner: keyof typeof demoStaff;
  /** Holds nothing clinical: the front desk may see it. */
  readonly administrative?: true;
}[] = [
  {
    text: 'Potassium 5.6: repeat U&E this week and tell the patient',
    kind: 'Result to act on',
    priority: 'urgent',
    owner: 'gp',
  },
  {
    text: 'Repeat prescription query: asks for early issue before holiday',
    kind: 'Prescription request',
    priority: 'routine',
    owner: 'gp',
  },
  {
    text: 'Hospital asks for blood pressure check in two weeks: book with nurse',
    kind: 'Letter to act on',
    priority: 'routine',
    owner: 'nurse',
  },
  {
    text: 'Please phone: missed two appointments, offer another',
    kind: 'Recall',
    priority: 'routine',
    owner: 'receptionist',
    administrative: true,
  },
  {
    text: 'Insurance report requested, consent received',
    kind: 'Report',
    priority: 'routine',
    owner: 'administrator',
    administrative: true,
  },
  {
    text: 'Wound check and dressing change after minor surgery',
    kind: 'Nursing',
    priority: 'asap',
    owner: 'nurse',
  },
];

export function addTask(record: RecordWriter): void {
  const { chance, today } = record;
  const task = chance.pick(TASKS);
  const raised = addDays(today, -chance.whole(0, 6));
  const owner = demoStaff[task.owner];
  const done = chance.yes(0.2);
  record.add({
    resourceType: 'Task',
    id: record.newId(),
    status: done ? 'completed' : 'requested',
    intent: 'order',
    priority: task.priority,
    code: {
      ...(task.administrative && {
        coding: [{ system: TASK_CATEGORY_SYSTEM, code: 'administrative', display: 'Administrative' }],
      }),
      text: task.kind,
    },
    description: task.text,
    for: record.subject,
    authoredOn: momentOf(raised, 700),
    lastModified: momentOf(raised, 700),
    requester: staffReference(demoStaff.receptionist),
    owner: staffReference(owner),
    restriction: { period: { end: formatCivilDate(addDays(raised, chance.whole(1, 10))) } },
  });
}

/** Warnings that interrupt. */
export function addFlags(record: RecordWriter): void {
  const { chance, person, today } = record;
  const age = ageAt(person, today);
  const flag = (code: string, words: string, text: string): void => {
    record.add({
      resourceType: 'Flag',
      id: record.newId(),
      status: 'active',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/flag-category', code }], text: words },
      ],
      code: { text },
      subject: record.subject,
      author: staffReference(demoStaff.gp),
    });
  };
  if (age < 18 && chance.yes(0.02)) flag('safety', 'Safeguarding', 'Safeguarding: child protection plan');
  if (age > 82 && chance.yes(0.25)) {
    flag(
      'advance-directive',
      'Resuscitation',
      'Do not attempt cardiopulmonary resuscitation: form in place, verify the original',
    );
  }
}
