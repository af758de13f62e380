import type { Condition, Reference } from '@medplum/fhirtypes';
import { addDays, addMonths, compareCivilDates, formatCivilDate } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { concept, wordsOf } from './concepts.ts';
import type { ConceptName } from './concepts.ts';
import { demoStaff } from './demo-practice.ts';
import { reportHba1c, reportPanel } from './laboratory.ts';
import type { Panel } from './laboratory.ts';
import { prescribeRepeat, prescriberFor } from './medicines.ts';
import type { Medicine } from './medicines.ts';
import { ageAt } from './people.ts';
import { number, pressureSet } from './presentations.ts';
import { staffReference } from './record-writer.ts';
import type { ConsultationWriter, RecordWriter } from './record-writer.ts';

interface LongTermCondition {
  readonly problem: ConceptName;
  readonly significance: 'major' | 'minor';
  /** Chance that a person of this age has it: roughly as English practices record it. */
  readonly chance: (age: number, sex: 'female' | 'male') => number;
  readonly medicines: readonly Medicine[];
  /** Each of `medicines` for itself with this chance; the first always where there is one. */
  readonly others: number;
  readonly panels: readonly Panel[];
  readonly words: readonly string[];
  readonly plan: readonly string[];
  readonly measure: (consultation: ConsultationWriter, record: RecordWriter, years: number) => void;
  /** Never together with these. */
  readonly unless?: readonly ConceptName[];
}

const tablets = (name: ConceptName, dose: string, quantity = 56, days = 56, unit = 'tablet'): Medicine => ({
  name,
  dose,
  quantity,
  unit,
  days,
});

const pressureOnly = (consultation: ConsultationWriter, record: RecordWriter): void => {
  consultation.measure(
    'Examination',
    ...pressureSet(record.chance, ageAt(record.person, consultation.day), 12),
  );
};

const weightAndPressure = (consultation: ConsultationWriter, record: RecordWriter, years: number): void => {
  const tall = (record.person.sex === 'male' ? 176 : 163) + (record.person.number % 15) - 7;
  const heavy = 78 + (record.person.number % 31) + years * 0.4 + record.chance.near(0, 1.2);
  consultation.measure(
    'Examination',
    ...pressureSet(record.chance, ageAt(record.person, consultation.day), 8),
    { key: 'weight', value: number(heavy, 1) },
    { key: 'height', value: number(tall) },
  );
};

const CONDITIONS: readonly LongTermCondition[] = [
  {
    problem: 'hypertension',
    significance: 'major',
    others: 0.35,
    chance: (age) => (age < 35 ? 0.01 : age < 50 ? 0.1 : age < 65 ? 0.3 : 0.55),
    medicines: [
      tablets('amlodipine', 'One to be taken daily'),
      tablets('ramipril', 'One to be taken daily', 56, 56, 'capsule'),
      tablets('bendroflumethiazide', 'One to be taken each morning'),
    ],
    panels: ['urea and electrolytes'],
    words: [
      'BP review. No symptoms. Takes tablets as prescribed, no ankle swelling, no dizziness.',
      'Home readings brought, mostly below 135/85. Diet and salt discussed.',
    ],
    plan: [
      'Target < 140/90. Continue, U&E yearly, recall 12/12.',
      'Above target: repeat with home readings for 7/7 before a change.',
    ],
    measure: pressureOnly,
  },
  {
    problem: 'type2Diabetes',
    significance: 'major',
    others: 0.6,
    chance: (age) => (age < 35 ? 0.005 : age < 50 ? 0.05 : age < 65 ? 0.11 : 0.17),
    medicines: [
      tablets('metformin', 'Two to be taken twice a day with meals', 224),
      tablets('gliclazide', 'One to be taken twice a day', 112),
      tablets('atorvastatin', 'One to be taken at night'),
    ],
    panels: ['urea and electrolytes', 'lipids'],
    words: [
      'Diabetes review. No hypos. Feet: sensation and pulses present both sides. Eye screening attended.',
      'Diabetes review. Walking more, diet slipping at weekends. No chest pain, no polyuria.',
    ],
    plan: [
      'Continue, HbA1c in 6/12, feet low risk. Retinal screening due.',
      'HbA1c above target, agreed diet plan, recheck 3/12 before stepping up.',
    ],
    measure: weightAndPressure,
  },
  {
    problem: 'asthma',
    significance: 'major',
    others: 0.8,
    unless: ['copd'],
    chance: (age) => (age < 5 ? 0.01 : age < 18 ? 0.1 : 0.07),
    medicines: [
      tablets('salbutamol', 'Two puffs up to four times a day as required', 200, 90, 'dose'),
      tablets('beclometasone', 'Two puffs twice a day', 200, 50, 'dose'),
    ],
    panels: [],
    words: [
      'Asthma review. Sleep not disturbed, reliever twice a week, no days off. Inhaler technique good.',
      'Asthma review. Night cough twice this month, forgets preventer. Technique corrected, spacer given.',
    ],
    plan: [
      'Personal plan updated, flu vaccination advised, review 12/12.',
      'Step up adherence, review 8/52.',
    ],
    measure: (consultation, record) => {
      const age = ageAt(record.person, consultation.day);
      if (age >= 6)
        consultation.measure('Examination', {
          key: 'peakFlow',
          value: number(record.chance.near(age < 15 ? 280 : 420, 45) - 0),
        });
    },
  },
  {
    problem: 'copd',
    significance: 'major',
    others: 0.7,
    chance: (age) => (age < 50 ? 0 : age < 65 ? 0.03 : 0.07),
    medicines: [
      tablets('salbutamol', 'Two puffs up to four times a day as required', 200, 40, 'dose'),
      tablets('beclometasoneFormoterol', 'Two puffs twice a day', 120, 30, 'dose'),
    ],
    panels: ['blood count'],
    words: [
      'COPD review. MRC 3. One exacerbation this year, steroids and antibiotics. Still 10 a day.',
      'COPD review. Walks to the shop with one stop. Sputum white. Rescue pack explained.',
    ],
    plan: ['Pulmonary rehabilitation offered, inhaler technique checked, vaccination up to date.'],
    measure: (consultation, record) => {
      consultation.measure(
        'Examination',
        { key: 'spo2', value: number(Math.min(98, record.chance.near(93.5, 1.5))) },
        ...pressureSet(record.chance, 68),
      );
    },
  },
  {
    problem: 'ischaemicHeartDisease',
    significance: 'major',
    others: 0.75,
    chance: (age, sex) =>
      age < 45 ? 0.002 : age < 65 ? (sex === 'male' ? 0.06 : 0.02) : sex === 'male' ? 0.16 : 0.09,
    medicines: [
      tablets('aspirin', 'One to be taken daily, dispersed in water'),
      tablets('atorvastatin', 'One to be taken at night'),
      tablets('ramipril', 'One to be taken daily', 56, 56, 'capsule'),
    ],
    panels: ['lipids', 'urea and electrolytes'],
    words: ['CHD review. Angina only on hills, GTN once a month. No breathlessness at night.'],
    plan: ['Secondary prevention reviewed, cardiac rehabilitation leaflet, 999 advice for pain at rest.'],
    measure: pressureOnly,
  },
  {
    problem: 'heartFailure',
    significance: 'major',
    others: 0.7,
    chance: (age) => (age < 65 ? 0.002 : age < 80 ? 0.03 : 0.1),
    medicines: [
      tablets('furosemide', 'One to be taken each morning'),
      tablets('ramipril', 'One to be taken daily', 56, 56, 'capsule'),
    ],
    panels: ['urea and electrolytes', 'blood count'],
    words: ['Heart failure review. Two pillows, ankles swell by evening. Weighs self daily, steady.'],
    plan: ['Continue, weigh daily, call if up 2 kg in 3 days. U&E.'],
    measure: weightAndPressure,
  },
  {
    problem: 'kidneyDisease',
    significance: 'major',
    others: 0,
    chance: (age) => (age < 55 ? 0.003 : age < 75 ? 0.05 : 0.2),
    medicines: [],
    panels: ['kidney disease', 'blood count'],
    words: ['CKD review. No new symptoms. Avoids NSAIDs. Urine ACR sent.'],
    plan: ['Stable. Repeat U&E 6/12, sick day rules given.'],
    measure: pressureOnly,
  },
  {
    problem: 'hypothyroidism',
    significance: 'major',
    others: 0,
    chance: (age, sex) => (age < 25 ? 0.003 : sex === 'female' ? 0.07 : 0.015),
    medicines: [tablets('levothyroxine', 'One to be taken each morning before breakfast')],
    panels: ['thyroid'],
    words: ['Thyroid review, feels well, weight steady.'],
    plan: ['TSH yearly, continue dose.'],
    measure: pressureOnly,
  },
  {
    problem: 'depression',
    significance: 'major',
    others: 0,
    chance: (age) => (age < 18 ? 0.01 : age < 65 ? 0.14 : 0.08),
    medicines: [tablets('sertraline', 'One to be taken daily', 28, 28)],
    panels: [],
    words: [
      'Mood review. Sleeping better, back at work part time. Denies thoughts of self-harm. Supportive partner.',
      'Low for 3/12 after bereavement, tearful, poor sleep, some loss of appetite. No thoughts of self-harm, children protective.',
    ],
    plan: ['Continue, talking therapy referral made, crisis numbers given, review 4/52.'],
    measure: () => undefined,
  },
  {
    problem: 'anxiety',
    significance: 'minor',
    others: 0,
    unless: ['depression'],
    chance: (age) => (age < 16 ? 0.01 : 0.07),
    medicines: [tablets('citalopram', 'One to be taken daily', 28, 28)],
    panels: [],
    words: ['Anxiety review. Panic less often, breathing exercises help.'],
    plan: ['Continue 6/12 more, self-help resources, review 8/52.'],
    measure: () => undefined,
  },
  {
    problem: 'osteoarthritis',
    significance: 'minor',
    others: 0.4,
    chance: (age) => (age < 45 ? 0.005 : age < 65 ? 0.1 : 0.3),
    medicines: [
      tablets('paracetamol', 'Two to be taken four times a day as required', 200, 28),
      tablets('coCodamol', 'One or two up to four times a day as required', 100, 28),
    ],
    panels: [],
    words: ['Knee pain worse on stairs, stiff 15 min in the morning. Sleep not disturbed.'],
    plan: ['Exercise class, weight, topical first. Orthopaedic referral not wanted yet.'],
    measure: () => undefined,
  },
  {
    problem: 'reflux',
    significance: 'minor',
    others: 0,
    chance: (age) => (age < 25 ? 0.01 : 0.12),
    medicines: [tablets('omeprazole', 'One to be taken each morning', 28, 28, 'capsule')],
    panels: [],
    words: ['Heartburn controlled, no dysphagia, no weight loss.'],
    plan: ['Step down when able, alarm symptoms explained.'],
    measure: () => undefined,
  },
  {
    problem: 'gout',
    significance: 'minor',
    others: 0,
    chance: (age, sex) => (age < 40 || sex === 'female' ? 0.004 : 0.06),
    medicines: [tablets('allopurinol', 'One to be taken daily')],
    panels: ['urea and electrolytes'],
    words: ['No attacks since last review.'],
    plan: ['Continue allopurinol, urate yearly.'],
    measure: pressureOnly,
  },
  {
    problem: 'migraine',
    significance: 'minor',
    others: 0,
    chance: (age, sex) => (age < 12 || age > 70 ? 0.01 : sex === 'female' ? 0.09 : 0.04),
    unless: ['asthma'],
    medicines: [tablets('propranolol', 'One to be taken daily', 28, 28, 'capsule')],
    panels: [],
    words: ['Two migraines a month, aura with zigzags, settles with sleep.'],
    plan: ['Diary, triggers, continue prevention 6/12.'],
    measure: pressureOnly,
  },
];

/** Gives the person their long-term conditions, with years of reviews, results and repeats. */
export function addLongTermConditions(
  record: RecordWriter,
  firstDay: CivilDate,
  lastDay: CivilDate,
): readonly ConceptName[] {
  const { chance, person, today } = record;
  const age = ageAt(person, today);
  const had: ConceptName[] = [];
  const prescribed = new Set<ConceptName>();
  for (const condition of CONDITIONS) {
    if (!chance.yes(condition.chance(age, person.sex))) continue;
    if (condition.unless?.some((other) => had.includes(other))) continue;
    had.push(condition.problem);
    const years = chance.whole(1, 9);
    const onset = laterOf(addMonths(today, -12 * years - chance.whole(0, 11)), firstDay);
    if (compareCivilDates(onset, lastDay) > 0) continue;
    const reason = record.problem(condition.problem, onset, {
      significance: condition.significance,
      by: demoStaff.gp,
    });
    condition.medicines.forEach((medicine, position) => {
      if (prescribed.has(medicine.name) || (position > 0 && !chance.yes(condition.others))) return;
      prescribed.add(medicine.name);
      const stops = chance.yes(0.08);
      const start = addDays(onset, position * chance.whole(20, 200));
      if (compareCivilDates(start, lastDay) > 0) return;
      const stop = addDays(start, chance.whole(100, 700));
      prescribeRepeat(record, medicine, start, {
        by: prescriberFor(record),
        reason,
        ...(stops &&
          compareCivilDates(stop, lastDay) < 0 && {
            stopped: {
              on: stop,
              why: chance.pick(['Side effects', 'No longer needed', 'Changed to another medicine']),
            },
          }),
      });
    });
    addReviews(record, condition, reason, onset, lastDay);
  }
  return had;
}

function addReviews(
  record: RecordWriter,
  condition: LongTermCondition,
  reason: Reference<Condition>,
  onset: CivilDate,
  lastDay: CivilDate,
): void {
  const { chance } = record;
  let day = addMonths(onset, 6);
  let years = 0;
  let hba1c = chance.near(57, 8);
  while (compareCivilDates(day, lastDay) < 0) {
    const blood = addDays(day, -chance.whole(5, 12));
    for (const panel of condition.panels) reportPanel(record, panel, blood);
    if (condition.problem === 'type2Diabetes') {
      hba1c = Math.max(40, hba1c + chance.near(0.5, 4));
      reportHba1c(record, blood, hba1c);
    }
    const consultation = record.consultation({
      day,
      minutes: 540 + chance.whole(0, 40) * 10,
      by: chance.yes(0.7) ? demoStaff.nurse : demoStaff.gp,
      kind: chance.yes(0.85) ? 'GP Surgery' : 'Telephone call to a patient',
    });
    consultation.topic({ name: condition.problem, reference: reason });
    consultation.note('History', chance.pick(condition.words));
    condition.measure(consultation, record, years);
    consultation.note('Plan', chance.pick(condition.plan));
    consultation.sign();
    day = addDays(addMonths(day, 12), chance.whole(-25, 40));
    years += 1;
  }
  if (record.person.died !== undefined) return;
  record.add({
    resourceType: 'ServiceRequest',
    id: record.newId(),
    status: 'active',
    intent: 'plan',
    code: { ...concept('medicationReview'), text: `${wordsOf(condition.problem)}: review due` },
    subject: record.subject,
    occurrenceDateTime: formatCivilDate(day),
    authoredOn: formatCivilDate(lastDay),
    requester: staffReference(demoStaff.gp),
    note: [{ text: 'Recall status: outstanding.' }],
  });
}

export function laterOf(left: CivilDate, right: CivilDate): CivilDate {
  return compareCivilDates(left, right) >= 0 ? left : right;
}
