/**
 * The observations that the product writes, in one table: codes, units, precision, limits and order of a set.
 * Sources: clinical.md, Observations with its cautions, and Limits for entry (proposed; the clinical safety officer signs
 * them). Limits marked "own" are not in that table and await the same signature.
 */
export type NumberKey =
  | 'pulse'
  | 'respiration'
  | 'spo2'
  | 'temperature'
  | 'weight'
  | 'height'
  | 'bmi'
  | 'waist'
  | 'headCircumference'
  | 'peakFlow'
  | 'peakFlowBest'
  | 'peakFlowExpected'
  | 'glucose'
  | 'hba1c'
  | 'cigarettes'
  | 'alcohol';

export type ChoiceKey = 'pulseRhythm' | 'oxygen' | 'consciousness' | 'smoking' | UrineKey;

export type UrineKey =
  'urineLeucocytes' | 'urineNitrite' | 'urineProtein' | 'urineGlucose' | 'urineBlood' | 'urineKetones';

export type ObservationKey = 'bloodPressure' | NumberKey | ChoiceKey | 'news2';

export type Limits = { readonly low: number; readonly high: number };

export type NumberDefinition = {
  readonly key: NumberKey;
  readonly kind: 'number' | 'derived';
  readonly label: string;
  readonly snomed: string;
  readonly snomedDisplay: string;
  readonly loinc: string | null;
  /** UCUM written; words by `unitWords` */
  readonly ucum: string;
  /** last part of the UK Core profile's name */
  readonly profile: string;
  readonly category: 'vital-signs' | 'exam' | 'social-history';
  /** decimals on screen where the record does not say more */
  readonly decimals: number;
  /** decimals that a box takes */
  readonly entryDecimals: number;
  /** outside: refused in the box, with words */
  readonly possible: Limits;
  /** outside, in an adult: a word, and a second Enter accepts; null: none */
  readonly usual: Limits | null;
  /** codes that older or other records use for the same thing */
  readonly alsoReads: readonly string[];
  readonly order: number;
};

export type Choice = { readonly value: string; readonly label: string; readonly keys: string };

export type ChoiceDefinition = {
  readonly key: ChoiceKey;
  readonly kind: 'choice';
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly order: number;
};

export type BloodPressureDefinition = {
  readonly key: 'bloodPressure';
  readonly kind: 'pair';
  readonly label: string;
  readonly systolic: { readonly possible: Limits; readonly usual: Limits };
  readonly diastolic: { readonly possible: Limits; readonly usual: Limits };
  readonly ucum: 'mm[Hg]';
  readonly order: number;
};

export const BLOOD_PRESSURE: BloodPressureDefinition = {
  key: 'bloodPressure',
  kind: 'pair',
  label: 'Blood pressure',
  systolic: { possible: { low: 20, high: 350 }, usual: { low: 80, high: 200 } },
  diastolic: { possible: { low: 10, high: 250 }, usual: { low: 45, high: 120 } },
  ucum: 'mm[Hg]',
  order: 10,
};

const VITAL = 'VitalSigns-';

export const NUMBER_DEFINITIONS: Readonly<Record<NumberKey, NumberDefinition>> = {
  pulse: number(
    'pulse',
    'Pulse',
    ['78564009', 'Pulse rate'],
    '8867-4',
    '/min',
    `${VITAL}HeartRate`,
    [0, 0],
    [10, 350],
    [45, 130],
    20,
    ['364075005', '8499008', '162986007'],
  ),
  respiration: number(
    'respiration',
    'Respiration rate',
    ['86290005', 'Respiratory rate'],
    '9279-1',
    '/min',
    `${VITAL}RespirationRate`,
    [0, 0],
    [1, 120],
    [10, 30],
    30,
    [],
  ),
  spo2: number(
    'spo2',
    'Oxygen saturation',
    ['431314004', 'Peripheral oxygen saturation'],
    '2708-6',
    '%',
    `${VITAL}OxygenSaturation`,
    [0, 0],
    [30, 100],
    [90, 100],
    40,
    ['103228002', '1097811000000106', '252465000'],
  ),
  temperature: number(
    'temperature',
    'Temperature',
    ['386725007', 'Body temperature'],
    '8310-5',
    'Cel',
    `${VITAL}BodyTemperature`,
    [1, 1],
    [20, 45],
    [35, 40],
    60,
    ['276885007', '703421000'],
  ),
  weight: number(
    'weight',
    'Weight',
    ['27113001', 'Body weight'],
    '29463-7',
    'kg',
    `${VITAL}BodyWeight`,
    [1, 2],
    [0.2, 500],
    [35, 180],
    80,
    ['784399000', '162763007'],
  ),
  height: number(
    'height',
    'Height',
    ['248333004', 'Standing height'],
    '8302-2',
    'cm',
    `${VITAL}BodyHeight`,
    [0, 1],
    [20, 260],
    [135, 205],
    90,
    ['50373000', '1162419008', '162755006'],
  ),
  bmi: {
    ...number(
      'bmi',
      'Body mass index',
      ['60621009', 'Body mass index'],
      '39156-5',
      'kg/m2',
      `${VITAL}BMI`,
      [1, 1],
      [5, 200],
      null,
      100,
      [],
    ),
    kind: 'derived',
  },
  waist: number(
    'waist',
    'Waist circumference',
    ['276361009', 'Waist circumference'],
    null,
    'cm',
    '',
    [0, 1],
    [20, 300],
    [50, 160],
    110,
    [],
  ),
  // own limits
  headCircumference: number(
    'headCircumference',
    'Head circumference',
    ['363812007', 'Head circumference'],
    '9843-4',
    'cm',
    `${VITAL}HeadCircumference`,
    [1, 1],
    [15, 80],
    null,
    120,
    [],
  ),
  peakFlow: number(
    'peakFlow',
    'Peak flow',
    ['18491006', 'Peak expiratory flow rate'],
    null,
    'L/min',
    '',
    [0, 0],
    [30, 900],
    [150, 750],
    130,
    ['29893006'],
  ),
  peakFlowBest: number(
    'peakFlowBest',
    'Best ever peak flow',
    ['271306003', 'Best ever peak flow rate'],
    null,
    'L/min',
    '',
    [0, 0],
    [30, 900],
    [150, 750],
    131,
    [],
  ),
  peakFlowExpected: number(
    'peakFlowExpected',
    'Expected peak flow',
    ['271508001', 'Expected peak flow rate'],
    null,
    'L/min',
    '',
    [0, 0],
    [30, 900],
    [150, 750],
    132,
    [],
  ),
  glucose: {
    ...number(
      'glucose',
      'Glucose',
      ['997671000000106', 'Blood glucose level'],
      null,
      'mmol/L',
      'BloodGlucose',
      [1, 1],
      [0.3, 90],
      [3, 25],
      140,
      ['997681000000108'],
    ),
    category: 'exam',
  },
  hba1c: {
    ...number(
      'hba1c',
      'HbA1c',
      ['999791000000106', 'Haemoglobin A1c level - IFCC standardised'],
      null,
      'mmol/mol',
      'Lab',
      [0, 0],
      [10, 250],
      [25, 130],
      150,
      [],
    ),
    category: 'exam',
  },
  // own limits
  cigarettes: {
    ...number(
      'cigarettes',
      'Cigarettes a day',
      ['230056004', 'Cigarette consumption'],
      null,
      '{cigarettes}/d',
      '',
      [0, 0],
      [0, 150],
      [0, 60],
      171,
      [],
    ),
    category: 'social-history',
  },
  alcohol: {
    ...number(
      'alcohol',
      'Alcohol',
      ['160573003', 'Alcohol intake'],
      null,
      '/wk',
      'AlcoholConsumption',
      [0, 0],
      [0, 500],
      [0, 100],
      180,
      ['1082641000000106'],
    ),
    category: 'social-history',
  },
};

const DIP_CHOICES: readonly Choice[] = [
  { value: 'negative', label: 'Negative', keys: '0' },
  { value: 'trace', label: 'Trace', keys: 't' },
  { value: '+', label: '+', keys: '1' },
  { value: '++', label: '++', keys: '2' },
  { value: '+++', label: '+++', keys: '3' },
  { value: '++++', label: '++++', keys: '4' },
];

export const CHOICE_DEFINITIONS: Readonly<Record<ChoiceKey, ChoiceDefinition>> = {
  pulseRhythm: choice('pulseRhythm', 'Pulse rhythm', 21, [
    { value: 'regular', label: 'Regular', keys: 'r' },
    { value: 'irregular', label: 'Irregular', keys: 'i' },
    { value: 'not-assessed', label: 'Not assessed', keys: 'n' },
  ]),
  oxygen: choice('oxygen', 'Air or oxygen', 50, [
    { value: 'air', label: 'Breathing air', keys: 'a' },
    { value: 'oxygen', label: 'On oxygen', keys: 'o' },
  ]),
  consciousness: choice('consciousness', 'Consciousness', 70, [
    { value: 'alert', label: 'Alert', keys: 'a' },
    { value: 'new-confusion', label: 'New or worse confusion', keys: 'c' },
    { value: 'usual-confusion', label: 'Alert, confusion as usual', keys: 's' },
    { value: 'voice', label: 'Responds to voice', keys: 'v' },
    { value: 'pain', label: 'Responds to pain', keys: 'p' },
    { value: 'unresponsive', label: 'Unresponsive', keys: 'u' },
  ]),
  urineLeucocytes: choice('urineLeucocytes', 'Urine leucocytes', 160, DIP_CHOICES),
  urineNitrite: choice('urineNitrite', 'Urine nitrite', 161, [
    { value: 'negative', label: 'Negative', keys: '0n' },
    { value: 'positive', label: 'Positive', keys: '1p' },
  ]),
  urineProtein: choice('urineProtein', 'Urine protein', 162, DIP_CHOICES),
  urineGlucose: choice('urineGlucose', 'Urine glucose', 163, DIP_CHOICES),
  urineBlood: choice('urineBlood', 'Urine blood', 164, DIP_CHOICES),
  urineKetones: choice('urineKetones', 'Urine ketones', 165, DIP_CHOICES),
  smoking: choice('smoking', 'Smoking', 170, [
    { value: 'never', label: 'Never smoked', keys: 'n' },
    { value: 'ex', label: 'Ex-smoker', keys: 'e' },
    { value: 'smoker', label: 'Smoker', keys: 's' },
    { value: 'vapes', label: 'Vapes, does not smoke', keys: 'v' },
  ]),
};

export function isNumberKey(key: ObservationKey): key is NumberKey {
  return key in NUMBER_DEFINITIONS;
}

/** Decimals on screen and in the box: weight under 2 years has 2; a child's height has 1 (clinical.md, Cautions). */
export function displayDecimals(key: NumberKey, ageMonths: number | null): number {
  if (key === 'weight' && ageMonths !== null && ageMonths < 24) return 2;
  if (key === 'height' && ageMonths !== null && ageMonths < 216) return 1;
  return NUMBER_DEFINITIONS[key].decimals;
}

function number(
  key: NumberKey,
  label: string,
  [snomed, snomedDisplay]: readonly [string, string],
  loinc: string | null,
  ucum: string,
  profile: string,
  [decimals, entryDecimals]: readonly [number, number],
  [low, high]: readonly [number, number],
  usual: readonly [number, number] | null,
  order: number,
  alsoReads: readonly string[],
): NumberDefinition {
  return {
    key,
    kind: 'number',
    label,
    snomed,
    snomedDisplay,
    loinc,
    ucum,
    profile,
    category: 'vital-signs',
    decimals,
    entryDecimals,
    possible: { low, high },
    usual: usual && { low: usual[0], high: usual[1] },
    alsoReads,
    order,
  };
}

function choice(key: ChoiceKey, label: string, order: number, choices: readonly Choice[]): ChoiceDefinition {
  return { key, kind: 'choice', label, choices, order };
}
