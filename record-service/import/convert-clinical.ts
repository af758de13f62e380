import { copyRequester } from './convert-administration.ts';
import type { ElementConversion } from './element-conversion.ts';
import { firstCode, isObject, objectOf, objectsOf, textOf } from './source.ts';
import type { Json } from './source.ts';
import { IMPORT_EXTENSION, SOURCE_EXTENSION } from './systems.ts';

function copyAll(conversion: ElementConversion, ...names: readonly string[]): void {
  for (const name of names) conversion.copy(name);
}

const HL7 = 'http://terminology.hl7.org/CodeSystem/';

/** A code that R4 made a CodeableConcept of one fixed system. */
function copyCodeAsConcept(
  conversion: ElementConversion,
  name: string,
  system: string,
  codes: readonly string[],
): void {
  const code = conversion.copyCode(name, codes);
  if (code !== undefined) conversion.set(name, { coding: [{ system: HL7 + system, code }] });
}

export function convertAllergyIntolerance(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'code', 'patient', 'recorder', 'asserter', 'note', 'reaction');
  copyCodeAsConcept(conversion, 'clinicalStatus', 'allergyintolerance-clinical', [
    'active',
    'inactive',
    'resolved',
  ]);
  copyCodeAsConcept(conversion, 'verificationStatus', 'allergyintolerance-verification', [
    'unconfirmed',
    'confirmed',
    'refuted',
    'entered-in-error',
  ]);
  conversion.copyCode('type', ['allergy', 'intolerance']);
  conversion.copyCode('criticality', ['low', 'high', 'unable-to-assess']);
  copyCodes(conversion, 'category', ['food', 'medication', 'environment', 'biologic']);
  conversion.copyChoice('onset');
  conversion.copy('assertedDate', 'recordedDate');
  conversion.copy('lastOccurrence');
  const encounter = conversion.takeExtension(SOURCE_EXTENSION.associatedEncounter);
  conversion.set('encounter', conversion.carryReference(encounter?.['valueReference'], 'encounter'));
}

function copyCodes(conversion: ElementConversion, name: string, codes: readonly string[]): void {
  const written = conversion.take(name);
  const values = Array.isArray(written)
    ? (written as readonly Json[])
    : written === undefined
      ? []
      : [written];
  const known = values.filter((value) => typeof value === 'string' && codes.includes(value));
  if (known.length > 0) conversion.set(name, known);
  for (const value of values) {
    if (!known.includes(value)) conversion.setAside(name, value, `${name} has a code that R4 does not know`);
  }
}

export function convertCondition(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'severity',
    'code',
    'bodySite',
    'subject',
    'asserter',
    'evidence',
    'note',
  );
  copyCodeAsConcept(conversion, 'clinicalStatus', 'condition-clinical', [
    'active',
    'recurrence',
    'inactive',
    'remission',
    'resolved',
  ]);
  copyCodeAsConcept(conversion, 'verificationStatus', 'condition-ver-status', [
    'provisional',
    'differential',
    'confirmed',
    'refuted',
    'entered-in-error',
  ]);
  conversion.copyToList('category');
  const isProblem = objectsOf(conversion.peek('category')).some(
    (category) => firstCode(category) === 'problem-list-item',
  );
  if (isProblem) {
    conversion.append('category', {
      coding: [
        { system: `${HL7}condition-category`, code: 'problem-list-item', display: 'Problem List Item' },
      ],
    });
  }
  conversion.copy('context', 'encounter');
  conversion.copyChoice('onset');
  conversion.copyChoice('abatement', 'abatement', ['Boolean']);
  conversion.copy('assertedDate', 'recordedDate');
  conversion.copyToList('stage');
}

export function convertObservation(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'basedOn', 'category', 'code', 'subject', 'issued', 'performer');
  conversion.copyCode(
    'status',
    [
      'registered',
      'preliminary',
      'final',
      'amended',
      'corrected',
      'cancelled',
      'entered-in-error',
      'unknown',
    ],
    'unknown',
  );
  conversion.copy('context', 'encounter');
  conversion.copyChoice('effective');
  conversion.copyChoice('value', 'value', ['Attachment']);
  copyAll(conversion, 'dataAbsentReason', 'bodySite', 'method', 'specimen', 'device', 'referenceRange');
  conversion.copyToList('interpretation');
  const comment = textOf(conversion.take('comment'));
  if (comment !== undefined) conversion.append('note', { text: comment });
  for (const [position, related] of objectsOf(conversion.take('related')).entries()) {
    const element =
      related['type'] === 'has-member'
        ? 'hasMember'
        : related['type'] === 'derived-from'
          ? 'derivedFrom'
          : undefined;
    const path = `related[${position}]`;
    if (element) conversion.append(element, conversion.carryReference(related['target'], path));
    else
      conversion.setAside(
        path,
        related,
        'a kind of relation that R4 does not know is kept as the source wrote it',
      );
  }
  for (const [position, component] of objectsOf(conversion.take('component')).entries()) {
    const carried = conversion.carry(component, `component[${position}]`);
    if (!isObject(carried)) continue;
    const { interpretation, ...rest } = carried;
    conversion.append('component', {
      ...rest,
      ...(interpretation !== undefined && {
        interpretation: Array.isArray(interpretation) ? (interpretation as unknown) : [interpretation],
      }),
    });
  }
}

export function convertImmunization(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'vaccineCode', 'patient', 'encounter', 'primarySource', 'reportOrigin');
  copyAll(
    conversion,
    'location',
    'manufacturer',
    'lotNumber',
    'expirationDate',
    'site',
    'route',
    'doseQuantity',
    'note',
  );
  conversion.copyCode('status', ['completed', 'entered-in-error']);
  const notGiven = conversion.take('notGiven');
  if (notGiven === true) conversion.set('status', 'not-done');
  conversion.copy('date', 'occurrenceDateTime');
  if (conversion.out['occurrenceDateTime'] === undefined)
    conversion.set('occurrenceString', 'Date not recorded');
  for (const practitioner of objectsOf(conversion.take('practitioner'))) {
    const { role, actor, ...rest } = practitioner;
    const who = conversion.carryReference(actor, 'practitioner.actor');
    if (who) {
      const kind = conversion.carry(role, 'practitioner.role');
      conversion.append('performer', { ...(kind !== undefined && { function: kind }), actor: who });
    }
    if (Object.keys(rest).length > 0)
      conversion.setAside('practitioner', rest, 'practitioner says more than R4 can hold');
  }
  const explanation = objectOf(conversion.take('explanation'));
  if (explanation) {
    const notGivenReasons = objectsOf(explanation['reasonNotGiven']);
    conversion.set('reasonCode', conversion.carry(explanation['reason'], 'explanation.reason'));
    conversion.set('statusReason', conversion.carry(notGivenReasons[0], 'explanation.reasonNotGiven'));
    for (const further of notGivenReasons.slice(1)) {
      conversion.setAside(
        'explanation.reasonNotGiven',
        further,
        'R4 holds one reason for not giving; the others are kept as the source wrote them',
      );
    }
  }
  conversion.copy('reaction');
  for (const protocol of objectsOf(conversion.take('vaccinationProtocol'))) {
    const { doseSequence, series, seriesDoses, authority, targetDisease, ...rest } = protocol;
    if (typeof doseSequence !== 'number') {
      conversion.setAside(
        'vaccinationProtocol',
        protocol,
        'vaccinationProtocol has no dose number, which R4 requires',
      );
      continue;
    }
    conversion.append('protocolApplied', {
      ...(textOf(series) && { series }),
      ...(isObject(authority) && { authority: conversion.carryReference(authority, 'authority') }),
      ...(targetDisease !== undefined && { targetDisease: conversion.carry(targetDisease, 'targetDisease') }),
      doseNumberPositiveInt: doseSequence,
      ...(typeof seriesDoses === 'number' && { seriesDosesPositiveInt: seriesDoses }),
    });
    if (Object.keys(rest).length > 0) {
      conversion.setAside('vaccinationProtocol', rest, 'vaccinationProtocol says more than R4 can hold');
    }
  }
  const recorded = conversion.takeExtension(SOURCE_EXTENSION.dateRecorded);
  if (recorded) conversion.set('recorded', conversion.carry(recorded['valueDateTime'], 'recorded'));
}

const REQUEST_STATUS = {
  draft: 'draft',
  active: 'active',
  suspended: 'on-hold',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  cancelled: 'revoked',
  unknown: 'unknown',
} as const;
const REQUEST_INTENT = [
  'proposal',
  'plan',
  'order',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
  'option',
];
const REQUEST_PRIORITY = ['routine', 'urgent', 'asap', 'stat'];

/** Recalls and planned procedures: `intent` stays `plan`, so that no reader takes them for events. */
export function convertProcedureRequest(conversion: ElementConversion): void {
  copyRequest(conversion);
  conversion.copyToList('category');
  copyAll(conversion, 'doNotPerform', 'code', 'specimen', 'bodySite', 'performerType');
  conversion.copyChoice('asNeeded');
  conversion.copyToList('performer');
  conversion.copy('requisition');
}

export function convertReferralRequest(conversion: ElementConversion): void {
  copyRequest(conversion);
  conversion.copy('groupIdentifier', 'requisition');
  conversion.append(
    'category',
    { coding: [{ system: 'http://snomed.info/sct', code: '3457005', display: 'Patient referral' }] },
    conversion.carry(conversion.take('type'), 'type'),
  );
  const [first, ...more] = objectsOf(conversion.take('serviceRequested'));
  if (first) conversion.set('code', conversion.carry(first, 'serviceRequested'));
  for (const further of more) conversion.append('orderDetail', conversion.carry(further, 'serviceRequested'));
  conversion.copy('specialty', 'performerType');
  conversion.copy('recipient', 'performer');
  const description = textOf(conversion.take('description'));
  if (description !== undefined) conversion.prepend('note', { text: description });
}

function copyRequest(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'basedOn',
    'replaces',
    'subject',
    'authoredOn',
    'reasonCode',
    'reasonReference',
  );
  copyAll(conversion, 'supportingInfo', 'note', 'relevantHistory');
  conversion.copyCode('status', REQUEST_STATUS, 'unknown');
  conversion.copyCode('intent', REQUEST_INTENT);
  conversion.copyCode('priority', REQUEST_PRIORITY);
  conversion.copy('context', 'encounter');
  conversion.copyChoice('occurrence');
  copyRequester(conversion, IMPORT_EXTENSION.onBehalfOf);
}

export function convertProcedure(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'basedOn',
    'partOf',
    'category',
    'code',
    'subject',
    'location',
    'reasonCode',
  );
  copyAll(
    conversion,
    'reasonReference',
    'bodySite',
    'outcome',
    'report',
    'complication',
    'complicationDetail',
  );
  copyAll(conversion, 'followUp', 'note', 'focalDevice', 'usedReference', 'usedCode');
  conversion.copyCode(
    'status',
    {
      preparation: 'preparation',
      'in-progress': 'in-progress',
      suspended: 'on-hold',
      aborted: 'stopped',
      completed: 'completed',
      'entered-in-error': 'entered-in-error',
      unknown: 'unknown',
    },
    'unknown',
  );
  if (conversion.take('notDone') === true) conversion.set('status', 'not-done');
  conversion.copy('notDoneReason', 'statusReason');
  conversion.copy('context', 'encounter');
  conversion.copyChoice('performed');
  for (const performer of objectsOf(conversion.take('performer'))) {
    const carried = conversion.carry(performer, 'performer');
    if (!isObject(carried)) continue;
    const { role, ...rest } = carried;
    conversion.append('performer', { ...rest, ...(role !== undefined && { function: role }) });
  }
}

export function convertFamilyMemberHistory(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'patient', 'date', 'name', 'relationship', 'estimatedAge', 'reasonCode');
  copyAll(conversion, 'reasonReference', 'note', 'condition');
  conversion.copyCode('status', ['partial', 'completed', 'entered-in-error', 'health-unknown']);
  for (const choice of ['born', 'age', 'deceased']) conversion.copyChoice(choice);
  const gender = textOf(conversion.take('gender'));
  if (gender !== undefined) {
    conversion.set('sex', {
      coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: gender }],
    });
  }
}
