import { bodyMassIndex, type Bmi } from '../../../domain/clinical/bmi.ts';
import {
  isNumberKey,
  type ChoiceKey,
  type NumberKey,
} from '../../../domain/clinical/observation-definitions.ts';
import {
  readChoiceEntry,
  readNumberEntry,
  readPressureEntry,
  type EnteredValue,
  type Entry,
  type EntryPatient,
} from '../../../domain/clinical/observation-entry.ts';
import type { EnteredObservation } from '../../../domain/clinical/observation-resources.ts';
import type { PressureState } from '../../../domain/clinical/blood-pressure.ts';
import {
  scoreNews2,
  type News2Patient,
  type News2Result,
  type Spo2Scale,
} from '../../../domain/clinical/news2.ts';
import type { StandingFacts } from '../../../domain/record/standing-facts.ts';
import { pregnancyInForce, scaleInForce } from './answers.ts';
import { pressureBoxes, readPressures, representing } from './pressure-readings.ts';
import type { BoxKey } from './sets.ts';

export type Arm = NonNullable<Extract<EnteredObservation, { readonly key: 'bloodPressure' }>['arm']>;
type TemperatureSite = NonNullable<Extract<EnteredObservation, { readonly key: 'temperature' }>['site']>;
type Consciousness = NonNullable<Parameters<typeof scoreNews2>[0]['consciousness']>;

/** How something was measured; chosen beside the box, off the Enter path. */
export interface Manners {
  readonly pressure: PressureState;
  readonly arm: Arm | '';
  /** '' where nobody said; so for the methods. */
  readonly temperature: TemperatureSite | '';
  readonly oxygenFlow: string;
  readonly oxygenDevice: string;
  readonly glucoseMethod: string;
  readonly hba1cMethod: string;
}

/** A blood pressure after the first. */
export interface FurtherPressure {
  readonly text: string;
  readonly state: PressureState;
  readonly arm: Arm | '';
  readonly kept: boolean;
}

/** A set being entered: kept whole in the draft. Texts as typed, `kept` for unusual values confirmed by a second Enter. */
export interface SetState {
  readonly texts: Readonly<Partial<Record<BoxKey, string>>>;
  readonly kept: readonly BoxKey[];
  readonly manners: Manners;
  /** Blood pressures after the first, in the order taken. */
  readonly further?: readonly FurtherPressure[];
  /** Which pressure stands for the set, 0 for the first; absent: by the rule. */
  readonly represents?: number;
  /** Chosen in this set, and recorded with it; null: as the record has it. */
  readonly scale: 1 | 2 | null;
  /** Answered in this set, and recorded with it; `not-asked`: as the record has it. */
  readonly pregnancy: News2Patient['pregnancy'];
  /** FHIR date of the expected birth, with the answer `pregnant`; '' or absent where not known. */
  readonly due?: string;
}

/** Nothing is chosen for a person: what nobody said is recorded as not said. */
export const EMPTY_SET: SetState = {
  texts: {},
  kept: [],
  manners: {
    pressure: 'on-examination',
    arm: '',
    temperature: '',
    oxygenFlow: '',
    oxygenDevice: '',
    glucoseMethod: '',
    hba1cMethod: '',
  },
  scale: null,
  pregnancy: 'not-asked',
};

export type BoxEntry = Entry<unknown>;

export function readBox(key: BoxKey, text: string, patient: EntryPatient): BoxEntry {
  if (key === 'bloodPressure') return readPressureEntry(text, patient);
  return isNumberKey(key) ? readNumberEntry(key, text, patient) : readChoiceEntry(key, text);
}

/** The number that stands in a box and may be saved; null for words, for nothing, and for what is refused. */
export function numberIn(key: NumberKey & BoxKey, state: SetState, patient: EntryPatient): number | null {
  const entry = readNumberEntry(key, state.texts[key] ?? '', patient);
  if (entry.verdict !== 'ok' && entry.verdict !== 'unlikely') return null;
  return plainNumber(entry.value) ?? null;
}

export function withText(state: SetState, key: BoxKey, text: string): SetState {
  return { ...state, texts: { ...state.texts, [key]: text }, kept: state.kept.filter((one) => one !== key) };
}

export function withKept(state: SetState, key: BoxKey): SetState {
  return state.kept.includes(key) ? state : { ...state, kept: [...state.kept, key] };
}

interface OpenBox {
  readonly key: string;
  readonly words: string;
  readonly unusual: boolean;
}

export interface EnteredSet {
  readonly entered: readonly EnteredObservation[];
  /** Boxes that hold something which cannot be saved as it stands: refused, or unusual and not yet kept. */
  readonly open: readonly OpenBox[];
  readonly alarms: readonly string[];
}

/** Reads the boxes of a set in their order. */
export function enteredOf(boxes: readonly BoxKey[], state: SetState, patient: EntryPatient): EnteredSet {
  const entered: EnteredObservation[] = [];
  const open: OpenBox[] = [];
  const alarms: string[] = [];
  for (const key of boxes) {
    if (key === 'bloodPressure') {
      addPressures(state, patient, { entered, open, alarms });
      continue;
    }
    const text = state.texts[key] ?? '';
    const entry = readBox(key, text, patient);
    if (entry.verdict === 'blank') continue;
    if (entry.verdict === 'refused') open.push({ key, words: entry.words, unusual: false });
    else {
      if (entry.verdict === 'unlikely' && !state.kept.includes(key))
        open.push({ key, words: entry.words, unusual: true });
      if (entry.verdict === 'ok' && entry.alarm !== undefined) alarms.push(entry.alarm);
      entered.push(observationOf(key, text, state, patient));
    }
  }
  return { entered, open, alarms };
}

function addPressures(
  state: SetState,
  patient: EntryPatient,
  { entered, open, alarms }: { entered: EnteredObservation[]; open: OpenBox[]; alarms: string[] },
): void {
  for (const { key, entry, kept } of pressureBoxes(state, patient)) {
    if (entry.verdict === 'refused') open.push({ key, words: entry.words, unusual: false });
    if (entry.verdict === 'unlikely' && !kept) open.push({ key, words: entry.words, unusual: true });
    if (entry.verdict === 'ok' && entry.alarm !== undefined) alarms.push(entry.alarm);
  }
  const readings = readPressures(state, patient);
  const stands = representing(state, readings);
  for (const [index, reading] of readings.entries()) {
    entered.push({
      key: 'bloodPressure',
      value: reading.value,
      state: reading.state,
      ...(reading.arm === '' ? {} : { arm: reading.arm }),
      ...(readings.length === 1
        ? {}
        : { series: { number: index + 1, of: readings.length, represents: reading === stands } }),
    });
  }
}

function observationOf(
  key: Exclude<BoxKey, 'bloodPressure'>,
  text: string,
  { manners }: SetState,
  patient: EntryPatient,
): EnteredObservation {
  if (key === 'oxygen') {
    const { value } = valueOf(readChoiceEntry(key, text));
    if (value !== 'oxygen') return { key, value: 'air' };
    const delivery = {
      ...(manners.oxygenFlow === '' ? {} : { flow: manners.oxygenFlow }),
      ...(manners.oxygenDevice === '' ? {} : { device: manners.oxygenDevice }),
    };
    return { key, value, delivery };
  }
  if (!isNumberKey(key)) return { key, value: valueOf(readChoiceEntry(key, text)).value };
  const value = valueOf(readNumberEntry(key, text, patient));
  if (key === 'temperature')
    return manners.temperature === '' ? { key, value } : { key, value, site: manners.temperature };
  const method = key === 'glucose' ? manners.glucoseMethod : key === 'hba1c' ? manners.hba1cMethod : '';
  if (method !== '') return { key, value, method };
  return { key, value };
}

function valueOf<T>(entry: Entry<T>): T {
  if (entry.verdict === 'ok' || entry.verdict === 'unlikely') return entry.value;
  throw new Error(`no value in an entry that is ${entry.verdict}`);
}

/** NEWS2 of what stands in the boxes now; scale and pregnancy as answered in this set, else as the record has them. */
export function news2Of(
  state: SetState,
  patient: EntryPatient & { readonly ageYears: number | null },
  answered: { readonly by: string; readonly on: string; readonly standing: StandingFacts },
): { readonly result: News2Result; readonly scale: Spo2Scale } {
  const number = (key: NumberKey & BoxKey) => {
    const entry = readNumberEntry(key, state.texts[key] ?? '', patient);
    return entry.verdict === 'ok' || entry.verdict === 'unlikely' ? entry.value : undefined;
  };
  const choice = (key: ChoiceKey) => {
    const entry = readChoiceEntry(key, state.texts[key] ?? '');
    return entry.verdict === 'ok' ? entry.value.value : undefined;
  };
  const systolic = representing(state, readPressures(state, patient))?.value.systolic;
  const scale = scaleInForce(state, answered);
  const result = scoreNews2(
    {
      respiration: plainNumber(number('respiration')),
      spo2: numberOrUnrecordable(number('spo2')),
      oxygen: choice('oxygen') as 'air' | 'oxygen' | undefined,
      systolic: numberOrUnrecordable(systolic),
      pulse: numberOrUnrecordable(number('pulse')),
      consciousness: choice('consciousness') as Consciousness | undefined,
      temperature: plainNumber(number('temperature')),
    },
    {
      ageYears: patient.ageYears,
      pregnancy: pregnancyInForce(state, patient.ageYears, answered.standing, answered.on),
    },
    scale,
  );
  return { result, scale };
}

function plainNumber(value: EnteredValue | undefined): number | undefined {
  return value?.kind === 'number' ? Number(value.written) : undefined;
}

function numberOrUnrecordable(value: EnteredValue | undefined): number | 'unrecordable' | undefined {
  return value?.kind === 'unrecordable' ? 'unrecordable' : plainNumber(value);
}

/** Weight and height of the set, or the height last recorded where only a weight was taken. */
export function bmiOf(
  state: SetState,
  patient: EntryPatient & { readonly ageYears: number | null },
  lastHeight: { readonly cm: number; readonly on: string } | null,
  today: string,
  standing: StandingFacts,
): Bmi | null {
  const weight = readNumberEntry('weight', state.texts.weight ?? '', patient);
  const height = readNumberEntry('height', state.texts.height ?? '', patient);
  const weightKg =
    weight.verdict === 'ok' || weight.verdict === 'unlikely' ? plainNumber(weight.value) : undefined;
  const heightNow =
    height.verdict === 'ok' || height.verdict === 'unlikely' ? plainNumber(height.value) : undefined;
  const heightCm = heightNow ?? lastHeight?.cm;
  if (weightKg === undefined || heightCm === undefined) return null;
  return bodyMassIndex({
    weightKg,
    heightCm,
    ...(heightNow === undefined && lastHeight ? { heightMeasured: lastHeight.on } : {}),
    today,
    ageYears: patient.ageYears,
    pregnancy: pregnancyInForce(state, patient.ageYears, standing, today),
  });
}
