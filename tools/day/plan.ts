/**
 * What each person enters for each patient: decided before the day begins, so that what is found afterwards is compared
 * with what was meant and not with what was done. Every text carries a mark of its own, every set a value of its own:
 * an entry on another patient's record cannot pass for the right one.
 */
import type { DayPatient, Role } from './people.ts';

export interface PlannedLine {
  readonly heading: string;
  /** What is typed at the start of the line to begin the heading. */
  readonly key: string;
  readonly text: string;
  /** A coded term, chosen by a person: the words that find it, the term as shown, and its SNOMED CT code. */
  readonly coded?: { readonly words: string; readonly term: string; readonly code: string };
  /** Becomes a task for the author, due in so many days. */
  readonly dueInDays?: number;
}

export interface PlannedConsultation {
  readonly type: 'GP surgery' | 'Home visit';
  readonly lines: readonly PlannedLine[];
}

export interface PlannedValue {
  readonly box: string;
  readonly typed: string;
  /** SNOMED CT code that the observation must carry. */
  readonly code: string;
  /** Value as stored, `systolic/diastolic` for a pressure; the code of a coded value. */
  readonly stored: string;
}

export interface PlannedSet {
  readonly values: readonly PlannedValue[];
  /** Worked out by hand from the chart; null where the rule does not apply (under 16). */
  readonly news2: { readonly total: number; readonly band: string } | null;
}

export interface PlannedMedicine {
  readonly drug: string;
  readonly dose: string;
}

export interface PatientPlan {
  readonly patient: DayPatient;
  readonly gp: PlannedConsultation;
  readonly nurse: PlannedSet;
  readonly locum: PlannedConsultation;
  readonly medicine: PlannedMedicine;
}

const PROBLEMS = [
  { words: 'migraine', term: 'Migraine', code: '37796009' },
  { words: 'psoriasis', term: 'Psoriasis', code: '9014002' },
  { words: 'gout', term: 'Gout', code: '90560007' },
  { words: 'eczema', term: 'Eczema', code: '43116000' },
  { words: 'osteoarthritis', term: 'Osteoarthritis', code: '396275006' },
  { words: 'hypothyroidism', term: 'Hypothyroidism', code: '40930008' },
] as const;

interface Preset {
  readonly systolic: number;
  readonly pulse: number;
  readonly respiration: number;
  readonly spo2: number;
  readonly temperature: string;
  readonly total: number;
  readonly band: string;
}

/** Totals by the chart of clinical.md, added up by hand; air, alert. */
const PRESETS: readonly [Preset, ...Preset[]] = [
  // 0 + 0 + 0 + 0 + 0
  { systolic: 128, pulse: 72, respiration: 16, spo2: 98, temperature: '37.2', total: 0, band: 'low' },
  // systolic 1, pulse 1, respiration 2, saturation 1, temperature 1
  { systolic: 105, pulse: 95, respiration: 21, spo2: 95, temperature: '38.4', total: 6, band: 'urgent' },
  // systolic 2, pulse 0, respiration 1, saturation 0, temperature 1
  { systolic: 96, pulse: 54, respiration: 10, spo2: 96, temperature: '35.6', total: 4, band: 'low' },
  // systolic 0, pulse 2, respiration 3, saturation 3, temperature 2
  { systolic: 118, pulse: 112, respiration: 26, spo2: 91, temperature: '39.3', total: 10, band: 'emergency' },
  // a single 3: saturation
  { systolic: 131, pulse: 66, respiration: 15, spo2: 90, temperature: '36.9', total: 3, band: 'low-medium' },
];

const MEDICINES: readonly PlannedMedicine[] = [
  { drug: 'Paracetamol 500 mg tablets', dose: 'two four times a day' },
  { drug: 'Cetirizine 10 mg tablets', dose: 'one a day' },
  { drug: 'Loratadine 10 mg tablets', dose: 'one in the morning' },
  { drug: 'Omeprazole 20 mg capsules', dose: 'one before breakfast' },
];

const AMOXICILLIN: PlannedMedicine = {
  drug: 'Amoxicillin 500 mg capsules',
  dose: 'one three times a day for 7 days',
};

/** Words that no other entry of the day holds. */
function markOf(role: Role, index: number): string {
  return `${{ gp: 'surgery', nurse: 'clinic', locum: 'visit' }[role]} note ${index + 1} of the day`;
}

/** @param amoxicillinFor index of the patient to whom the nurse gives a penicillin allergy meanwhile */
export function planDay(patients: readonly DayPatient[], amoxicillinFor: number): readonly PatientPlan[] {
  return patients.map((patient, index) => ({
    patient,
    gp: gpConsultation(index),
    nurse: observationSet(patient, index),
    locum: locumConsultation(index),
    medicine: index === amoxicillinFor ? AMOXICILLIN : (MEDICINES[index % MEDICINES.length] ?? AMOXICILLIN),
  }));
}

function gpConsultation(index: number): PlannedConsultation {
  const mark = markOf('gp', index);
  const coded = PROBLEMS[index % PROBLEMS.length] ?? PROBLEMS[0];
  return {
    type: 'GP surgery',
    // Not the order of the list of headings: the order in which they were used must stay (hazard 28).
    lines: [
      { heading: 'History', key: 'h', text: `${mark}: cough for ${index + 2} days, worse at night` },
      { heading: 'Examination', key: 'e', text: `${mark}: chest clear, no distress` },
      { heading: 'Problem', key: 'pr', text: `${mark}: since the spring`, coded },
      { heading: 'Plan', key: 'p', text: `${mark}: rest and fluids, advice given` },
      { heading: 'Comment', key: 'c', text: `${mark}: lives alone & copes, "fine" < last year` },
      { heading: 'Follow up', key: 'f', text: `${mark}: review in 2/52`, dueInDays: 14 },
    ],
  };
}

function locumConsultation(index: number): PlannedConsultation {
  const mark = markOf('locum', index);
  return {
    type: 'Home visit',
    lines: [
      { heading: 'Plan', key: 'p', text: `${mark}: plan agreed before the story was told` },
      { heading: 'History', key: 'h', text: `${mark}: seen at home, sore throat` },
      { heading: 'Social', key: 'so', text: `${mark}: daughter visits daily` },
    ],
  };
}

function observationSet(patient: DayPatient, index: number): PlannedSet {
  const preset = PRESETS[index % PRESETS.length] ?? PRESETS[0];
  const diastolic = 60 + index;
  const glucose = `${5 + Math.floor(index / 10)}.${index % 10}`;
  const number = (box: string, value: number | string, code: string): PlannedValue => ({
    box,
    typed: String(value),
    code,
    stored: String(value),
  });
  const pressure = `${preset.systolic}/${diastolic}`;
  return {
    values: [
      // Nobody said the position: on examination (clinical.md, blood pressure by state).
      { box: 'bloodPressure', typed: pressure, code: '163020007', stored: pressure },
      number('pulse', preset.pulse, '78564009'),
      { box: 'pulseRhythm', typed: 'r', code: '271636001', stored: '' },
      number('respiration', preset.respiration, '86290005'),
      number('spo2', preset.spo2, '431314004'),
      { box: 'oxygen', typed: 'a', code: '722742002', stored: '' },
      // Nobody said where: not the core code, which only the ear and the rectum have (clinical.md, Cautions).
      number('temperature', preset.temperature, '386725007'),
      { box: 'consciousness', typed: 'a', code: '1104441000000107', stored: '248234008' },
      number('glucose', glucose, '997671000000106'),
    ],
    news2: patient.ageYears < 16 ? null : { total: preset.total, band: preset.band },
  };
}
