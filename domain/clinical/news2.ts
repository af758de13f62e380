/**
 * National Early Warning Score 2. Source: Royal College of Physicians, NEWS2, chart 1 (scoring) and chart 2 (thresholds),
 * December 2017; wording for the community by clinical.md. The version is stored with every score.
 */
const NEWS2_RULE_VERSION = 'RCP NEWS2 December 2017, chart 1; Gladstone rule 1';

export type News2Parameter =
  'respiration' | 'spo2' | 'oxygen' | 'systolic' | 'pulse' | 'consciousness' | 'temperature';

/** Confusion scores only when new or worse; `usual-confusion` is long-standing and scores as alert. */
type Consciousness = 'alert' | 'usual-confusion' | 'new-confusion' | 'voice' | 'pain' | 'unresponsive';

/**
 * Scale 2 is only for confirmed hypercapnic respiratory failure with a target of 88–92 %; a clinician chooses it,
 * and who and when are kept with the score.
 */
export type Spo2Scale =
  { readonly scale: 1 } | { readonly scale: 2; readonly confirmedBy: string; readonly confirmedOn: string };

/** What was measured. A part that is absent was not; `unrecordable` was tried and gave nothing, which alarms. */
export type News2Measurements = {
  /** per minute */
  readonly respiration?: number | undefined;
  /** % */
  readonly spo2?: number | 'unrecordable' | undefined;
  readonly oxygen?: 'air' | 'oxygen' | undefined;
  /** mmHg */
  readonly systolic?: number | 'unrecordable' | undefined;
  /** per minute */
  readonly pulse?: number | 'unrecordable' | undefined;
  readonly consciousness?: Consciousness | undefined;
  /** °C */
  readonly temperature?: number | undefined;
};

export type News2Patient = {
  /** whole years; null where the date of birth does not tell */
  readonly ageYears: number | null;
  readonly pregnancy: 'pregnant' | 'recent-birth' | 'not-pregnant' | 'not-asked';
  readonly spinalCordInjury?: boolean | undefined;
};

export type News2Band = 'emergency' | 'urgent' | 'low-medium' | 'low';

export type News2Part = {
  readonly parameter: News2Parameter;
  /** null: it cannot be scored yet */
  readonly score: 0 | 1 | 2 | 3 | null;
};

export type News2Result =
  | {
      readonly kind: 'not-applicable';
      readonly reason: 'under-16' | 'age-unknown' | 'pregnant' | 'recent-birth';
      readonly words: string;
    }
  | {
      readonly kind: 'complete';
      readonly total: number;
      readonly parts: readonly News2Part[];
      readonly band: News2Band;
      readonly advice: string;
      readonly cautions: readonly string[];
      readonly scale: 1 | 2;
      readonly ruleVersion: string;
    }
  | {
      readonly kind: 'incomplete';
      /** sum of the parts that can be scored: the score is at least this */
      readonly atLeast: number;
      readonly missing: readonly News2Parameter[];
      readonly parts: readonly News2Part[];
      /** null: what is known raises no alarm, and nothing may be concluded */
      readonly band: News2Band | null;
      /** `At least 4, incomplete: temperature missing` and what to do */
      readonly words: string;
      readonly advice: string | null;
      readonly cautions: readonly string[];
      readonly scale: 1 | 2;
      readonly ruleVersion: string;
    };

/** Scores a set of measurements. Out-of-range input is a caller's fault: entry refuses it first (observation-entry). */
export function scoreNews2(
  measured: News2Measurements,
  patient: News2Patient,
  spo2Scale: Spo2Scale,
): News2Result {
  const excluded = exclusionOf(patient);
  if (excluded) return excluded;
  const parts = partsOf(measured, spo2Scale.scale);
  const scored = parts.flatMap((part) => (part.score === null ? [] : [part.score]));
  const total = scored.reduce<number>((sum, score) => sum + score, 0);
  const missing = parts.filter((part) => part.score === null).map((part) => part.parameter);
  const unrecordable = unrecordableParts(measured);
  const band = unrecordable.length > 0 ? 'emergency' : bandOf(total, scored.includes(3));
  const cautions = cautionsOf(patient, unrecordable);
  const scale = spo2Scale.scale;
  if (missing.length === 0) {
    return {
      kind: 'complete',
      total,
      parts,
      band,
      advice: news2Advice(band),
      cautions,
      scale,
      ruleVersion: NEWS2_RULE_VERSION,
    };
  }
  const raised = band === 'low' ? null : band;
  return {
    kind: 'incomplete',
    atLeast: total,
    missing,
    parts,
    band: raised,
    words: `At least ${total}, incomplete: ${missing.map((parameter) => NEWS2_PARAMETER_WORDS[parameter]).join(', ')} missing`,
    advice: raised && news2Advice(raised),
    cautions,
    scale,
    ruleVersion: NEWS2_RULE_VERSION,
  };
}

/** 7 or more: emergency; 5 or 6: urgent; any single 3: low-medium whatever the total; otherwise low. */
/** Chart 2: the total, and a single part of 3. */
export function bandOf(total: number, hasSingleThree: boolean): News2Band {
  if (total >= 7) return 'emergency';
  if (total >= 5) return 'urgent';
  return hasSingleThree ? 'low-medium' : 'low';
}

export const NEWS2_PARAMETER_WORDS: Readonly<Record<News2Parameter, string>> = {
  respiration: 'respiration rate',
  spo2: 'oxygen saturation',
  oxygen: 'air or oxygen',
  systolic: 'systolic blood pressure',
  pulse: 'pulse',
  consciousness: 'consciousness',
  temperature: 'temperature',
};

/** Advice for the community: no hourly charts of a ward, and a low score never rules anything out. */
export function news2Advice(band: News2Band): string {
  switch (band) {
    case 'emergency':
      return 'Emergency: call 999 now unless a plan agreed with the patient says otherwise. Give the score and its parts, stay with the patient, think of sepsis.';
    case 'urgent':
      return 'Urgent: same-day assessment by a clinician who can assess acute illness; consider 999. Think of sepsis. Repeat the score if anything changes.';
    case 'low-medium':
      return 'Urgent review today: one parameter scores 3. A clinician must find out why and decide whether care needs to step up.';
    case 'low':
      return 'Low score. It does not rule out serious illness, sepsis included: use clinical judgement, and say when and how to get help.';
  }
}

function exclusionOf({
  ageYears,
  pregnancy,
}: News2Patient): Extract<News2Result, { kind: 'not-applicable' }> | null {
  if (ageYears === null) {
    return {
      kind: 'not-applicable',
      reason: 'age-unknown',
      words: 'NEWS2 is not scored: the age is not known, and the score is for people of 16 and over.',
    };
  }
  if (ageYears < 16) {
    return {
      kind: 'not-applicable',
      reason: 'under-16',
      words: 'NEWS2 is not for under-16s. Use a paediatric score and the NICE traffic lights.',
    };
  }
  if (pregnancy === 'pregnant') {
    return {
      kind: 'not-applicable',
      reason: 'pregnant',
      words: 'NEWS2 is not for pregnancy. Use a maternity early warning score.',
    };
  }
  if (pregnancy === 'recent-birth') {
    return {
      kind: 'not-applicable',
      reason: 'recent-birth',
      words: 'NEWS2 is not for the time soon after birth. Use a maternity early warning score.',
    };
  }
  return null;
}

function cautionsOf(patient: News2Patient, unrecordable: readonly News2Parameter[]): string[] {
  const cautions = unrecordable.map(
    (parameter) =>
      `${capitalised(NEWS2_PARAMETER_WORDS[parameter])} could not be recorded: treat as an emergency.`,
  );
  if (patient.spinalCordInjury === true) {
    cautions.push(
      'Spinal cord injury: blood pressure, pulse and temperature may be altered; read the score with caution.',
    );
  }
  if (patient.pregnancy === 'not-asked') cautions.push('Not for use in pregnancy or soon after birth.');
  return cautions;
}

function unrecordableParts(measured: News2Measurements): News2Parameter[] {
  return (['spo2', 'systolic', 'pulse'] as const).filter(
    (parameter) => measured[parameter] === 'unrecordable',
  );
}

function partsOf(measured: News2Measurements, scale: 1 | 2): News2Part[] {
  const { respiration, oxygen, consciousness, temperature } = measured;
  const spo2 = numberIn(measured.spo2);
  const systolic = numberIn(measured.systolic);
  const pulse = numberIn(measured.pulse);
  return [
    {
      parameter: 'respiration',
      score: respiration === undefined ? null : scoreRespiration(Math.round(respiration)),
    },
    {
      parameter: 'spo2',
      score: spo2 === null ? null : scale === 1 ? scoreSpo2Scale1(spo2) : scoreSpo2Scale2(spo2, oxygen),
    },
    { parameter: 'oxygen', score: oxygen === undefined ? null : oxygen === 'oxygen' ? 2 : 0 },
    { parameter: 'systolic', score: systolic === null ? null : scoreSystolic(systolic) },
    { parameter: 'pulse', score: pulse === null ? null : scorePulse(pulse) },
    {
      parameter: 'consciousness',
      score: consciousness === undefined ? null : scoreConsciousness(consciousness),
    },
    { parameter: 'temperature', score: temperature === undefined ? null : scoreTemperature(temperature) },
  ];
}

function numberIn(value: number | 'unrecordable' | undefined): number | null {
  return typeof value === 'number' ? Math.round(value) : null;
}

function scoreRespiration(rate: number): 0 | 1 | 2 | 3 {
  if (rate <= 8) return 3;
  if (rate <= 11) return 1;
  if (rate <= 20) return 0;
  return rate <= 24 ? 2 : 3;
}

function scoreSpo2Scale1(percent: number): 0 | 1 | 2 | 3 {
  if (percent <= 91) return 3;
  if (percent <= 93) return 2;
  return percent <= 95 ? 1 : 0;
}

/** From 93 % the score depends on whether oxygen is given; while that is not known there is no score. */
function scoreSpo2Scale2(percent: number, oxygen: 'air' | 'oxygen' | undefined): 0 | 1 | 2 | 3 | null {
  if (percent <= 83) return 3;
  if (percent <= 85) return 2;
  if (percent <= 87) return 1;
  if (percent <= 92) return 0;
  if (oxygen === undefined) return null;
  if (oxygen === 'air') return 0;
  if (percent <= 94) return 1;
  return percent <= 96 ? 2 : 3;
}

function scoreSystolic(pressure: number): 0 | 1 | 2 | 3 {
  if (pressure <= 90) return 3;
  if (pressure <= 100) return 2;
  if (pressure <= 110) return 1;
  return pressure <= 219 ? 0 : 3;
}

function scorePulse(rate: number): 0 | 1 | 2 | 3 {
  if (rate <= 40) return 3;
  if (rate <= 50) return 1;
  if (rate <= 90) return 0;
  if (rate <= 110) return 1;
  return rate <= 130 ? 2 : 3;
}

function scoreConsciousness(level: Consciousness): 0 | 3 {
  return level === 'alert' || level === 'usual-confusion' ? 0 : 3;
}

/** Banded at 0.1 °C; the small term keeps 38.05 from falling below its half in binary. */
function scoreTemperature(celsius: number): 0 | 1 | 2 | 3 {
  const tenths = Math.round(celsius * 10 + 1e-9);
  if (tenths <= 350) return 3;
  if (tenths <= 360) return 1;
  if (tenths <= 380) return 0;
  return tenths <= 390 ? 1 : 2;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
