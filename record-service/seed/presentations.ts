import type { EnteredObservation } from '../../domain/clinical/observation-resources.ts';
import { addDays, compareCivilDates } from '../../domain/fhir/civil-date.ts';
import type { ConceptName } from './concepts.ts';
import { prescribeAcute } from './medicines.ts';
import type { Medicine } from './medicines.ts';
import { ageAt } from './people.ts';
import type { Chance } from './random.ts';
import type { ConsultationWriter, RecordWriter } from './record-writer.ts';

/** What brings people to the surgery, in the words of a GP's notes. */
interface Presentation {
  readonly problem: ConceptName;
  readonly from: number;
  readonly to: number;
  readonly history: readonly string[];
  readonly examination: readonly string[];
  readonly plan: readonly string[];
  readonly medicine?: Medicine;
  readonly medicineChance?: number;
  /** Never given to somebody with this allergy. */
  readonly penicillin?: true;
  readonly vitals?: 'fever' | 'pressure';
}

const AMOXICILLIN: Medicine = {
  name: 'amoxicillin',
  dose: 'One to be taken three times a day',
  quantity: 15,
  unit: 'capsule',
  days: 5,
};
const DOXYCYCLINE: Medicine = {
  name: 'doxycycline',
  dose: 'Two on day one, then one daily',
  quantity: 8,
  unit: 'capsule',
  days: 7,
};
const IBUPROFEN: Medicine = {
  name: 'ibuprofen',
  dose: 'One to be taken three times a day with food',
  quantity: 42,
  unit: 'tablet',
  days: 14,
};
const PARACETAMOL: Medicine = {
  name: 'paracetamol',
  dose: 'Two to be taken four times a day as required',
  quantity: 100,
  unit: 'tablet',
  days: 12,
};
const CETIRIZINE: Medicine = {
  name: 'cetirizine',
  dose: 'One to be taken daily',
  quantity: 30,
  unit: 'tablet',
  days: 30,
};
const OMEPRAZOLE: Medicine = {
  name: 'omeprazole',
  dose: 'One to be taken each morning',
  quantity: 28,
  unit: 'capsule',
  days: 28,
};
const FLUCLOXACILLIN: Medicine = {
  name: 'flucloxacillin',
  dose: 'One to be taken four times a day',
  quantity: 28,
  unit: 'capsule',
  days: 7,
};

const PRESENTATIONS: readonly Presentation[] = [
  {
    problem: 'respiratoryInfection',
    from: 1,
    to: 95,
    vitals: 'fever',
    history: [
      '4/7 sore throat, coryza and dry cough. Eating and drinking. No SOB.',
      '1/52 cough, green sputum at first, now clearing. No haemoptysis, no chest pain.',
      'Off nursery with cold and cough, mum worried about chest. Feeding well, wet nappies.',
    ],
    examination: [
      'Looks well. Chest clear, throat mildly red, no exudate.',
      'Alert, not distressed. Chest clear. Ears NAD.',
    ],
    plan: [
      'Viral. Explained natural history 2-3/52, fluids, paracetamol. Safety-netted: SOB, fever > 5/7, review.',
      'Self care, no antibiotics indicated. Return if worse.',
    ],
  },
  {
    problem: 'tonsillitis',
    from: 3,
    to: 45,
    vitals: 'fever',
    history: [
      '3/7 sore throat, fever, painful to swallow. No cough.',
      '2/7 fever and sore throat, off food, drinking.',
    ],
    examination: [
      'Exudate both tonsils, tender cervical nodes, no trismus. FeverPAIN 4.',
      'Red enlarged tonsils, exudate on left. No quinsy.',
    ],
    plan: [
      'Antibiotic discussed and agreed, fluids, analgesia. Safety-netted for quinsy.',
      'Delayed prescription, use if not settling in 3/7.',
    ],
    medicine: AMOXICILLIN,
    medicineChance: 0.6,
    penicillin: true,
  },
  {
    problem: 'otitisMedia',
    from: 1,
    to: 12,
    vitals: 'fever',
    history: [
      '2/7 ear pain, pulling at right ear, fever overnight.',
      'Earache since yesterday, cold last week.',
    ],
    examination: [
      'Right TM red and bulging, left normal. No mastoid tenderness.',
      'Left TM injected. Well hydrated.',
    ],
    plan: ['Analgesia, explained 3/7 average. Review if discharge or unwell.'],
  },
  {
    problem: 'urinaryInfection',
    from: 17,
    to: 95,
    vitals: 'fever',
    history: [
      '2/7 dysuria and frequency. No loin pain, no fever. LMP 2/52 ago, not pregnant.',
      '3/7 frequency, nocturia x4, offensive urine. Daughter reports more muddled than usual.',
    ],
    examination: [
      'Abdomen soft, no loin tenderness. Dip: nitrite +, leucocytes ++.',
      'Apyrexial, suprapubic tenderness only.',
    ],
    plan: ['MSU sent. Antibiotic 3/7. Fluids. Return if fever or loin pain.'],
    medicine: {
      name: 'ciprofloxacin',
      dose: 'One to be taken twice a day',
      quantity: 6,
      unit: 'tablet',
      days: 3,
    },
    medicineChance: 0.5,
  },
  {
    problem: 'backPain',
    from: 18,
    to: 90,
    history: [
      '1/52 low back pain after lifting at work. No leg pain. Bladder and bowels normal, no saddle numbness.',
      '3/52 LBP, radiates to left buttock. Sleeping poorly. No red flags.',
    ],
    examination: [
      'Tender left paraspinal L4/5, SLR 80 both sides, power and reflexes normal.',
      'Antalgic gait, reduced flexion, neurology intact.',
    ],
    plan: [
      'Explained, stay active, analgesia, physio self-referral. Cauda equina safety net given in writing.',
      'Fit note 1/52 amended duties. Review 4/52 if not settling.',
    ],
    medicine: IBUPROFEN,
    medicineChance: 0.5,
  },
  {
    problem: 'ankleSprain',
    from: 8,
    to: 60,
    history: [
      'Inverted right ankle playing football yesterday. Walked on it afterwards.',
      'Slipped on kerb, left ankle swollen, weight bearing.',
    ],
    examination: ['Swelling over lateral ligament, no bony tenderness (Ottawa negative).'],
    plan: ['Rest, ice, compression, elevation. Exercises sheet. Review if not better 2/52.'],
  },
  {
    problem: 'rash',
    from: 0,
    to: 80,
    history: [
      'Itchy rash on trunk 3/7, new washing powder. No swelling of lips.',
      'Blanching rash after viral illness, well in self.',
    ],
    examination: [
      'Widespread urticarial weals, no angio-oedema, chest clear.',
      'Maculopapular, blanches, no petechiae.',
    ],
    plan: ['Antihistamine, avoid trigger. 999 if lip swelling or breathing difficulty.'],
    medicine: CETIRIZINE,
    medicineChance: 0.6,
  },
  {
    problem: 'headache',
    from: 14,
    to: 75,
    vitals: 'pressure',
    history: [
      '6/52 band-like headaches most afternoons, screens all day. No visual change, no vomiting.',
      'Headaches twice weekly, stress at work. Worried about tumour: mother had one.',
    ],
    examination: ['Fundi normal, cranial nerves intact, no neck stiffness.'],
    plan: ['Tension type. Headache diary, breaks from screen, review 6/52. Worry addressed.'],
  },
  {
    problem: 'fatigue',
    from: 16,
    to: 85,
    vitals: 'pressure',
    history: [
      'Tired all the time for 3/12. Sleeps 7 hours. Mood low at times. Weight steady.',
      '2/12 fatigue, heavy periods. No night sweats.',
    ],
    examination: ['Not pale, no nodes, thyroid not enlarged. Chest and abdomen NAD.'],
    plan: ['Bloods: FBC, U&E, TFT, HbA1c. Review with results.'],
  },
  {
    problem: 'abdominalPain',
    from: 6,
    to: 85,
    vitals: 'fever',
    history: [
      '2/7 crampy central abdominal pain, loose stools x3. No blood. Son had D&V.',
      'On and off epigastric discomfort after meals for 1/12. No weight loss.',
    ],
    examination: ['Soft, mild epigastric tenderness, no guarding, bowel sounds normal.'],
    plan: [
      'Likely gastritis. Trial of PPI 4/52, alcohol advice. Review sooner if dysphagia or melaena.',
      'Gastroenteritis: fluids, hygiene, 48h off work after last symptom.',
    ],
    medicine: OMEPRAZOLE,
    medicineChance: 0.4,
  },
  {
    problem: 'cough',
    from: 20,
    to: 92,
    vitals: 'fever',
    history: [
      '3/52 productive cough, smoker. No haemoptysis or weight loss.',
      '10/7 cough, breathless on stairs, wheeze at night.',
    ],
    examination: [
      'Scattered wheeze, no focal crackles. Talking in sentences.',
      'Crackles right base, resp rate normal.',
    ],
    plan: ['Antibiotic, CXR if persists > 3/52, smoking cessation offered. Sepsis advice given.'],
    medicine: DOXYCYCLINE,
    medicineChance: 0.7,
  },
  {
    problem: 'eczema',
    from: 1,
    to: 40,
    history: ['Flare of eczema in elbow creases, scratching at night.'],
    examination: ['Dry, excoriated flexures. One area weeping behind right knee.'],
    plan: ['Emollients generously, step up steroid 1/52, written plan. Antibiotic for infected area.'],
    medicine: FLUCLOXACILLIN,
    medicineChance: 0.3,
    penicillin: true,
  },
  {
    problem: 'nausea',
    from: 18,
    to: 70,
    history: ['Nausea on waking 1/52. LMP uncertain.', 'Nausea since starting metformin.'],
    examination: ['Abdomen soft, not tender.'],
    plan: ['Pregnancy test negative. Take with food, review 2/52.'],
  },
  {
    problem: 'fever',
    from: 0,
    to: 6,
    vitals: 'fever',
    history: ['Fever 38.6 at home for 1/7. Drinking, 4 wet nappies. No rash. Immunisations up to date.'],
    examination: ['Alert, smiles. Cap refill < 2 s. No focus found. Not mottled.'],
    plan: [
      'Traffic light green. Fluids, paracetamol. Fever leaflet, review tomorrow if no better, 999 signs explained to mother.',
    ],
  },
  {
    problem: 'backPain',
    from: 40,
    to: 88,
    history: ['Ongoing back pain, worse after gardening. Paracetamol helps a little.'],
    examination: ['Walks freely, stiff on extension.'],
    plan: ['Continue exercises, regular paracetamol, physio referral discussed.'],
    medicine: PARACETAMOL,
    medicineChance: 0.7,
  },
];

/** One visit for something new. What has an end is a past minor problem. */
export function acutePresentation(
  record: RecordWriter,
  consultation: ConsultationWriter,
  allergicToPenicillin: boolean,
): void {
  const { chance, person } = record;
  const age = ageAt(person, consultation.day);
  const fitting = PRESENTATIONS.filter(
    (item) => age >= item.from && age <= item.to && !(allergicToPenicillin && item.penicillin),
  );
  const presentation = chance.pick(fitting.length > 0 ? fitting : PRESENTATIONS.slice(0, 1));
  const over = addDays(consultation.day, chance.whole(7, 28));
  // What would be over only after today is still there today.
  const isOver = compareCivilDates(over, record.today) <= 0;
  consultation.diagnose(presentation.problem, isOver ? { ended: over } : {});
  consultation.note('History', chance.pick(presentation.history));
  consultation.note('Examination', chance.pick(presentation.examination));
  if (presentation.vitals !== undefined && chance.yes(0.75)) {
    consultation.measure(
      'Examination',
      ...(presentation.vitals === 'fever' ? feverSet(chance, age) : pressureSet(chance, age)),
    );
  }
  if (presentation.medicine && chance.yes(presentation.medicineChance ?? 0) && age >= 12) {
    prescribeAcute(record, consultation, presentation.medicine);
  }
  consultation.note('Plan', chance.pick(presentation.plan));
  consultation.sign();
}

export function number(written: number, decimals = 0): { readonly kind: 'number'; readonly written: string } {
  return { kind: 'number', written: written.toFixed(decimals) };
}

function feverSet(chance: Chance, age: number): EnteredObservation[] {
  const rest = age < 5 ? 115 : age < 12 ? 92 : 78;
  return [
    { key: 'temperature', value: number(chance.near(37.4, 0.6), 1), site: 'ear' },
    { key: 'pulse', value: number(chance.near(rest, 10)) },
    { key: 'respiration', value: number(Math.max(12, chance.near(age < 5 ? 28 : 16, 2))) },
    { key: 'spo2', value: number(Math.min(100, Math.max(92, chance.near(97.5, 1)))) },
  ];
}

export function pressureSet(chance: Chance, age: number, raised = 0): EnteredObservation[] {
  const systolic = Math.round(Math.max(92, chance.near(112 + age * 0.28 + raised, 10)));
  const diastolic = Math.round(Math.min(systolic - 22, Math.max(52, chance.near(74 + raised * 0.4, 7))));
  return [
    {
      key: 'bloodPressure',
      state: 'sitting',
      value: { systolic: number(systolic), diastolic: number(diastolic) },
    },
    { key: 'pulse', value: number(chance.near(74, 8)) },
  ];
}
