/**
 * The search parameters that the service answers, by resource type. A parameter that is not here is refused by name:
 * a filter that is silently ignored shows the wrong records.
 */
export type ParameterKind = 'token' | 'string' | 'date' | 'reference';

export interface SearchParameter {
  readonly kind: ParameterKind;
  /** Dotted element paths; lists are walked. */
  readonly paths: readonly string[];
  /** For references: the only target type meant, e.g. `Patient` for `patient`. */
  readonly target?: string;
  /** Indexed under this name instead: `patient` is the `subject` that is a Patient. */
  readonly indexedAs?: string;
}

export type Parameters = Readonly<Record<string, SearchParameter>>;

const token = (...paths: string[]): SearchParameter => ({ kind: 'token', paths });
const string = (...paths: string[]): SearchParameter => ({ kind: 'string', paths });
const date = (...paths: string[]): SearchParameter => ({ kind: 'date', paths });
const reference = (...paths: string[]): SearchParameter => ({ kind: 'reference', paths });
const only = (target: string, path: string): SearchParameter => ({
  kind: 'reference',
  paths: [path],
  target,
});

const identifier = { identifier: token('identifier') };
const subject = {
  subject: reference('subject'),
  patient: { kind: 'reference', paths: ['subject'], target: 'Patient', indexedAs: 'subject' } as const,
};
const patient = { patient: only('Patient', 'patient') };
const encounter = { encounter: reference('encounter') };
const status = { status: token('status') };
const code = { code: token('code') };
const category = { category: token('category') };

const humanName = {
  name: string('name.text', 'name.family', 'name.given', 'name.prefix', 'name.suffix'),
  family: string('name.family'),
  given: string('name.given'),
};
const address = {
  address: string(
    'address.text',
    'address.line',
    'address.city',
    'address.district',
    'address.state',
    'address.postalCode',
    'address.country',
  ),
  'address-postalcode': string('address.postalCode'),
  'address-city': string('address.city'),
};
const telecom = {
  telecom: token('telecom'),
  phone: token('telecom[phone]'),
  email: token('telecom[email]'),
};

const listed: Readonly<Record<string, Parameters>> = {
  Account: { ...subject, ...status },
  AllergyIntolerance: {
    ...patient,
    ...code,
    ...category,
    encounter: reference('encounter'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    criticality: token('criticality'),
    type: token('type'),
    date: date('recordedDate'),
  },
  Appointment: {
    ...status,
    date: date('start'),
    actor: reference('participant.actor'),
    patient: {
      kind: 'reference',
      paths: ['participant.actor'],
      target: 'Patient',
      indexedAs: 'actor',
    },
    practitioner: {
      kind: 'reference',
      paths: ['participant.actor'],
      target: 'Practitioner',
      indexedAs: 'actor',
    },
    location: { kind: 'reference', paths: ['participant.actor'], target: 'Location', indexedAs: 'actor' },
    slot: reference('slot'),
    'service-category': token('serviceCategory'),
    'appointment-type': token('appointmentType'),
  },
  AppointmentResponse: { appointment: reference('appointment'), actor: reference('actor') },
  Basic: { ...subject, ...code, created: date('created'), author: reference('author') },
  Binary: {},
  CarePlan: { ...subject, ...encounter, ...category, ...status, date: date('period') },
  CareTeam: { ...subject, ...encounter, ...category, ...status, date: date('period') },
  ClinicalImpression: {
    ...subject,
    ...encounter,
    ...status,
    date: date('effectiveDateTime', 'effectivePeriod'),
  },
  Communication: {
    ...subject,
    ...encounter,
    ...category,
    ...status,
    sender: reference('sender'),
    recipient: reference('recipient'),
    sent: date('sent'),
    received: date('received'),
  },
  Composition: {
    ...subject,
    ...encounter,
    ...category,
    ...status,
    type: token('type'),
    title: string('title'),
    author: reference('author'),
    date: date('date'),
  },
  Condition: {
    ...subject,
    ...encounter,
    ...code,
    ...category,
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'recorded-date': date('recordedDate'),
  },
  Consent: { ...patient, ...category, ...status, date: date('dateTime') },
  Coverage: { beneficiary: reference('beneficiary'), ...status },
  Device: { ...patient, ...status, type: token('type') },
  DeviceRequest: { ...subject, ...encounter, ...status },
  DiagnosticReport: {
    ...subject,
    ...encounter,
    ...code,
    ...category,
    ...status,
    date: date('effectiveDateTime', 'effectivePeriod'),
    issued: date('issued'),
    result: reference('result'),
    'based-on': reference('basedOn'),
  },
  DocumentReference: {
    ...subject,
    ...category,
    ...status,
    encounter: reference('context.encounter'),
    type: token('type'),
    date: date('date'),
    period: date('context.period'),
    author: reference('author'),
  },
  Encounter: {
    ...subject,
    ...status,
    class: token('class'),
    type: token('type'),
    date: date('period'),
    appointment: reference('appointment'),
    'episode-of-care': reference('episodeOfCare'),
    participant: reference('participant.individual'),
    location: reference('location.location'),
    'part-of': reference('partOf'),
  },
  EpisodeOfCare: { ...patient, ...status, type: token('type'), date: date('period') },
  FamilyMemberHistory: { ...patient, ...status, date: date('date'), code: token('condition.code') },
  Flag: { ...subject, ...encounter, ...status, date: date('period'), ...code, ...category },
  Goal: { ...subject, ...category, 'lifecycle-status': token('lifecycleStatus') },
  Group: { type: token('type'), ...code, member: reference('member.entity') },
  HealthcareService: { name: string('name'), active: token('active'), organization: reference('providedBy') },
  ImagingStudy: { ...subject, ...encounter, ...status, started: date('started') },
  Immunization: {
    ...patient,
    ...status,
    encounter: reference('encounter'),
    'vaccine-code': token('vaccineCode'),
    date: date('occurrenceDateTime'),
  },
  ImmunizationRecommendation: { ...patient, date: date('date') },
  List: {
    ...subject,
    ...encounter,
    ...code,
    ...status,
    title: string('title'),
    date: date('date'),
    item: reference('entry.item'),
    source: reference('source'),
  },
  Location: {
    name: string('name', 'alias'),
    ...status,
    address: address.address,
    organization: reference('managingOrganization'),
  },
  Media: { ...subject, ...encounter, ...status, created: date('createdDateTime', 'createdPeriod') },
  Medication: { ...code, ...status },
  MedicationAdministration: {
    ...subject,
    ...status,
    code: token('medicationCodeableConcept'),
    'effective-time': date('effectiveDateTime', 'effectivePeriod'),
    context: reference('context'),
  },
  MedicationDispense: {
    ...subject,
    ...status,
    code: token('medicationCodeableConcept'),
    whenhandedover: date('whenHandedOver'),
    context: reference('context'),
  },
  MedicationRequest: {
    ...subject,
    ...encounter,
    ...category,
    ...status,
    code: token('medicationCodeableConcept'),
    medication: reference('medicationReference'),
    intent: token('intent'),
    authoredon: date('authoredOn'),
    date: date('dosageInstruction.timing.event'),
    requester: reference('requester'),
  },
  MedicationStatement: {
    ...subject,
    ...category,
    ...status,
    code: token('medicationCodeableConcept'),
    medication: reference('medicationReference'),
    effective: date('effectiveDateTime', 'effectivePeriod'),
    context: reference('context'),
  },
  NutritionOrder: { ...patient, ...encounter, ...status },
  Observation: {
    ...subject,
    ...encounter,
    ...code,
    ...category,
    ...status,
    'combo-code': token('code', 'component.code'),
    'value-concept': token('valueCodeableConcept'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    performer: reference('performer'),
    'has-member': reference('hasMember'),
    'derived-from': reference('derivedFrom'),
  },
  Organization: {
    name: string('name', 'alias'),
    address: address.address,
    active: token('active'),
    type: token('type'),
    partof: reference('partOf'),
  },
  Patient: {
    ...humanName,
    ...address,
    ...telecom,
    birthdate: date('birthDate'),
    'death-date': date('deceasedDateTime'),
    gender: token('gender'),
    active: token('active'),
    'general-practitioner': reference('generalPractitioner'),
    organization: reference('managingOrganization'),
    link: reference('link.other'),
  },
  Practitioner: { ...humanName, address: address.address, active: token('active'), ...telecom },
  PractitionerRole: {
    practitioner: reference('practitioner'),
    organization: reference('organization'),
    role: token('code'),
    active: token('active'),
    date: date('period'),
  },
  Procedure: {
    ...subject,
    ...encounter,
    ...code,
    ...category,
    ...status,
    date: date('performedDateTime', 'performedPeriod'),
  },
  Provenance: {
    target: reference('target'),
    patient: { kind: 'reference', paths: ['target'], target: 'Patient', indexedAs: 'target' },
    agent: reference('agent.who'),
    recorded: date('recorded'),
  },
  Questionnaire: { name: string('name'), title: string('title'), ...status },
  QuestionnaireResponse: {
    ...subject,
    ...encounter,
    ...status,
    authored: date('authored'),
    questionnaire: token('questionnaire'),
  },
  RelatedPerson: {
    ...patient,
    name: string('name.text', 'name.family', 'name.given', 'name.prefix', 'name.suffix'),
    ...telecom,
    address: address.address,
    birthdate: date('birthDate'),
    gender: token('gender'),
    relationship: token('relationship'),
    active: token('active'),
  },
  RiskAssessment: { ...subject, ...encounter, date: date('occurrenceDateTime', 'occurrencePeriod') },
  Schedule: { active: token('active'), actor: reference('actor'), date: date('planningHorizon') },
  ServiceRequest: {
    ...subject,
    ...encounter,
    ...code,
    ...category,
    ...status,
    intent: token('intent'),
    authored: date('authoredOn'),
    occurrence: date('occurrenceDateTime', 'occurrencePeriod'),
    requester: reference('requester'),
    performer: reference('performer'),
  },
  Slot: { ...status, schedule: reference('schedule'), start: date('start') },
  Specimen: {
    ...subject,
    ...status,
    type: token('type'),
    collected: date('collection.collectedDateTime', 'collection.collectedPeriod'),
  },
  Substance: { ...code, ...category },
  Task: {
    ...status,
    ...code,
    ...encounter,
    subject: reference('for'),
    patient: { kind: 'reference', paths: ['for'], target: 'Patient', indexedAs: 'subject' },
    owner: reference('owner'),
    requester: reference('requester'),
    focus: reference('focus'),
    priority: token('priority'),
    intent: token('intent'),
    'authored-on': date('authoredOn'),
    period: date('executionPeriod'),
    'group-identifier': token('groupIdentifier'),
  },
  VisionPrescription: { ...patient, ...encounter, ...status, datewritten: date('dateWritten') },
};

// Provenance and Binary have no identifier element.
const withoutIdentifier = new Set(['Binary', 'Provenance']);

/** Parameters of every served type. Types that are not in here are not served. */
export const searchParameters: ReadonlyMap<string, Parameters> = new Map(
  Object.entries(listed).map(([type, parameters]) => [
    type,
    withoutIdentifier.has(type) ? parameters : { ...identifier, ...parameters },
  ]),
);

/** Parameters that a search may be sorted by, besides `_id` and `_lastUpdated`: strings and dates. */
export function isSortable(parameter: SearchParameter): boolean {
  return parameter.kind === 'date' || parameter.kind === 'string';
}
