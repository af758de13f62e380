/** SNOMED CT codes of blood pressure by the state it was taken in (clinical.md, Blood pressure: header and components). */
export type PressureState =
  'on-examination' | 'sitting' | 'standing' | 'lying' | 'ambulatory-average' | 'self-measured';

export type PressureCodes = {
  readonly label: string;
  readonly header: string;
  readonly systolic: string;
  readonly diastolic: string;
  /** Home and ambulatory readings have a threshold of 135/85 and never join clinic readings in one line. */
  readonly setting: 'clinic' | 'home';
};

export const PRESSURE_CODES: Readonly<Record<PressureState, PressureCodes>> = {
  'on-examination': {
    label: 'On examination',
    header: '163020007',
    systolic: '72313002',
    diastolic: '1091811000000102',
    setting: 'clinic',
  },
  sitting: {
    label: 'Sitting',
    header: '163035008',
    systolic: '407554009',
    diastolic: '407555005',
    setting: 'clinic',
  },
  standing: {
    label: 'Standing',
    header: '163034007',
    systolic: '400974009',
    diastolic: '400975005',
    setting: 'clinic',
  },
  lying: {
    label: 'Lying',
    header: '163033001',
    systolic: '407556006',
    diastolic: '407557002',
    setting: 'clinic',
  },
  'ambulatory-average': {
    label: 'Average ambulatory',
    header: '2181371000000107',
    systolic: '2181381000000109',
    diastolic: '2181391000000106',
    setting: 'home',
  },
  'self-measured': {
    label: 'Self measured',
    header: '335661000000109',
    systolic: '1162737008',
    diastolic: '1162735000',
    setting: 'home',
  },
};

/** A code for home readings that other systems use. */
export const OTHER_HOME_HEADER = '413153004';

/** For readings at home and ambulatory averages (clinical.md, Observations, Cautions). */
export const HOME_PRESSURE_THRESHOLD = '135/85';

export const SYSTOLIC_CODES: ReadonlySet<string> = new Set([
  ...Object.values(PRESSURE_CODES).map((codes) => codes.systolic),
  '271649006',
  '163030003',
]);

export const DIASTOLIC_CODES: ReadonlySet<string> = new Set([
  ...Object.values(PRESSURE_CODES).map((codes) => codes.diastolic),
  '271650006',
  '163031004',
]);
