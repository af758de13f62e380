import type { CodeableConcept } from '@medplum/fhirtypes';
import { snomed } from '../../domain/fhir/codeable-concept.ts';

/**
 * Every SNOMED CT and dm+d code that the seed writes, with the term of the sources in ../shared/data/terminology.
 * A test holds each against those files. Terms are UK preferred terms where the sources have them.
 */
const CONCEPTS = {
  consultation: ['325851000000107', 'Consultation'],
  topic: ['25851000000105', 'Topic (EHR)'],
  heading: ['24781000000107', 'Category (EHR)'],
  comment: ['37331000000100', 'Comment note'],
  patientReferral: ['3457005', 'Patient referral'],
  referralLetter: ['25611000000107', 'Referral letter'],
  clinicalLetter: ['823691000000103', 'Clinical letter'],
  dischargeLetter: ['824331000000106', 'Inpatient final discharge letter'],
  medicationReview: ['182836005', 'Review of medication'],
  asthmaCheck: ['270442000', 'Asthma monitoring check done'],
  over75Check: ['134186004', 'Over 75 health check'],
  // problems
  hypertension: ['38341003', 'Hypertensive disorder'],
  type2Diabetes: ['44054006', 'Diabetes mellitus type 2'],
  asthma: ['195967001', 'Asthma'],
  copd: ['13645005', 'Chronic obstructive lung disease'],
  kidneyDisease: ['433144002', 'Chronic kidney disease stage 3'],
  ischaemicHeartDisease: ['414545008', 'Ischaemic heart disease'],
  heartFailure: ['84114007', 'Heart failure'],
  hypothyroidism: ['40930008', 'Hypothyroidism'],
  depression: ['35489007', 'Depressive disorder'],
  anxiety: ['197480006', 'Anxiety disorder'],
  osteoarthritis: ['396275006', 'Osteoarthritis'],
  reflux: ['235595009', 'Gastroesophageal reflux disease'],
  eczema: ['43116000', 'Eczema'],
  gout: ['90560007', 'Gout'],
  migraine: ['37796009', 'Migraine'],
  backPain: ['279039007', 'Low back pain'],
  respiratoryInfection: ['54150009', 'Upper respiratory infection'],
  urinaryInfection: ['68566005', 'Urinary tract infectious disease'],
  tonsillitis: ['90176007', 'Tonsillitis'],
  otitisMedia: ['65363002', 'Otitis media'],
  cough: ['49727002', 'Cough'],
  headache: ['25064002', 'Headache'],
  ankleSprain: ['44465007', 'Sprain of ankle'],
  rash: ['271807003', 'Eruption'],
  fatigue: ['84229001', 'Fatigue'],
  abdominalPain: ['21522001', 'Abdominal pain'],
  nausea: ['422587007', 'Nausea'],
  fever: ['386661006', 'Fever'],
  // allergies
  penicillinAllergy: ['91936005', 'Allergy to penicillin'],
  latexAllergy: ['300916003', 'Allergy to latex'],
  aspirinAllergy: ['293586001', 'Allergy to aspirin'],
  peanutAllergy: ['91935009', 'Allergy to peanuts'],
  eggAllergy: ['91930004', 'Allergy to edible egg'],
  trimethoprimReaction: ['292939004', 'Trimethoprim adverse reaction'],
  simvastatinReaction: ['293433001', 'Adverse reaction caused by simvastatin'],
  noKnownAllergy: ['716186003', 'No known allergy'],
  // medicines as prescribed (dm+d)
  ramipril: ['318906001', 'Ramipril 10mg capsules'],
  amlodipine: ['319284000', 'Amlodipine 10mg tablets'],
  bendroflumethiazide: ['317919004', 'Bendroflumethiazide 2.5mg tablets'],
  metformin: ['325278007', 'Metformin 500mg tablets'],
  gliclazide: ['325242002', 'Gliclazide 80mg tables'],
  atorvastatin: ['320031002', 'Atorvastatin 40mg tablets'],
  aspirin: ['319773006', 'Aspirin 75mg dispersible tablets'],
  clopidogrel: ['319799004', 'Clopidogrel 75mg tablets'],
  furosemide: ['317972000', 'Furosemide 40mg tablets'],
  salbutamol: ['39113611000001102', 'Salbutamol 100micrograms/dose inhaler CFC free'],
  beclometasone: ['320537007', 'Beclometasone 100micrograms/dose inhaler'],
  beclometasoneFormoterol: [
    '26148711000001101',
    'Beclometasone 100micrograms/dose / Formoterol 6micrograms/dose dry powder inhaler',
  ],
  levothyroxine: ['374296008', 'Levothyroxine sodium 100microgram tablets'],
  citalopram: ['321987003', 'Citalopram 20mg tablets'],
  sertraline: ['9751511000001104', 'Sertraline 100mg tablets'],
  fluoxetine: ['321949006', 'Fluoxetine 20mg capsules'],
  paracetamol: ['322236009', 'Paracetamol 500mg tablets'],
  coCodamol: ['322341003', 'Co-codamol 30mg/500mg tablets'],
  omeprazole: ['317291008', 'Omeprazole 20mg gastro-resistant capsules'],
  allopurinol: ['330062008', 'Allopurinol 300mg tablets'],
  propranolol: ['38751111000001107', 'Propranolol 80mg modified-release capsules'],
  contraceptive: ['326324002', 'Ethinylestradiol 30microgram / Levonorgestrel 150microgram tablets'],
  amoxicillin: ['323510009', 'Amoxicillin 500mg capsules'],
  doxycycline: ['324059006', 'Doxycycline 100mg capsules'],
  flucloxacillin: ['39692211000001107', 'Flucloxacillin 500mg capsules'],
  prednisolone: ['325427002', 'Prednisolone 5mg tablets'],
  ibuprofen: ['329653008', 'Ibuprofen 400mg tablets'],
  cetirizine: ['320818006', 'Cetirizine 10mg tablets'],
  ciprofloxacin: ['324607004', 'Ciprofloxacin 250mg tablets'],
  ferrousSulfate: ['327438003', 'Ferrous sulfate 200mg tablets'],
  // laboratory
  haemoglobin: ['1022431000000105', 'Haemoglobin estimation'],
  whiteCells: ['1022541000000102', 'Total white cell count'],
  platelets: ['1022651000000100', 'Platelet count'],
  meanCellVolume: ['1022491000000106', 'MCV - Mean corpuscular volume'],
  sodium: ['1000661000000107', 'Serum sodium level'],
  potassium: ['1000651000000109', 'Serum potassium level'],
  urea: ['1000951000000103', 'Serum urea level'],
  creatinine: ['1000731000000107', 'Serum creatinine level'],
  ureaElectrolytes: ['1000971000000107', 'Urea and electrolytes level'],
  cholesterol: ['1005671000000105', 'Serum cholesterol level'],
  hdl: ['1005681000000107', 'Serum high density lipoprotein cholesterol level'],
  triglycerides: ['1005691000000109', 'Serum triglycerides level'],
  lipids: ['1005661000000103', 'Serum lipids level'],
  tsh: ['1022791000000101', 'Serum TSH (thyroid stimulating hormone) level'],
  alt: ['1018251000000107', 'Serum alanine aminotransferase level'],
  crp: ['1001371000000100', 'Serum CRP (C reactive protein) level'],
  // immunisations
  influenza: ['822851000000102', 'Seasonal influenza vaccination (procedure)'],
  covid: [
    '1324681000000101',
    'Administration of first dose of severe acute respiratory syndrome coronavirus 2 vaccine (procedure)',
  ],
  mmr: ['38598009', 'Measles-mumps-rubella vaccination'],
  fiveInOneFirst: [
    '414259000',
    'Administration of first dose of diphtheria and Haemophilus influenza B and five component acellular pertussis and inactivated poliomyelitis and tetanus vaccine',
  ],
  fiveInOneSecond: [
    '415507003',
    'Administration of second dose of diphtheria and Haemophilus influenza B and five component acellular pertussis and inactivated poliomyelitis and tetanus vaccine',
  ],
  fiveInOneThird: [
    '415712004',
    'Administration of third dose of diphtheria and Haemophilus influenza B and five component acellular pertussis and inactivated poliomyelitis and tetanus vaccine',
  ],
  pneumococcalFirst: ['247631000000101', 'First pneumococcal conjugated vaccination'],
  pneumococcalSecond: ['247641000000105', 'Second pneumococcal conjugated vaccination'],
  leftUpperArm: ['368208006', 'Left upper arm structure (body structure)'],
  intramuscular: ['78421000', 'Intramuscular route (qualifier value)'],
} as const;

export type ConceptName = keyof typeof CONCEPTS;

export const SEED_CONCEPTS: Readonly<Record<ConceptName, readonly [code: string, term: string]>> = CONCEPTS;

/** Words for people where the source's term is a specified name or misspelt. */
const SHOWN: Partial<Record<ConceptName, string>> = {
  type2Diabetes: 'Type 2 diabetes mellitus',
  copd: 'Chronic obstructive pulmonary disease',
  hypertension: 'Hypertension',
  reflux: 'Gastro-oesophageal reflux disease',
  urinaryInfection: 'Urinary tract infection',
  rash: 'Rash',
  peanutAllergy: 'Allergy to peanut',
  gliclazide: 'Gliclazide 80mg tablets',
  influenza: 'Seasonal influenza vaccination',
  covid: 'COVID-19 vaccination',
  mmr: 'Measles, mumps and rubella vaccination',
  fiveInOneFirst: 'First diphtheria, tetanus, pertussis, polio and Hib vaccination',
  fiveInOneSecond: 'Second diphtheria, tetanus, pertussis, polio and Hib vaccination',
  fiveInOneThird: 'Third diphtheria, tetanus, pertussis, polio and Hib vaccination',
};

export function concept(name: ConceptName): CodeableConcept {
  const [code, term] = CONCEPTS[name];
  const shown = SHOWN[name];
  return shown === undefined ? snomed(code, term) : { ...snomed(code, term), text: shown };
}

export function wordsOf(name: ConceptName): string {
  return SHOWN[name] ?? CONCEPTS[name][1];
}
