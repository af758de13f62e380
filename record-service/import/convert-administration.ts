import type { ElementConversion } from './element-conversion.ts';
import { objectsOf, objectOf, textOf } from './source.ts';
import { SOURCE_EXTENSION } from './systems.ts';

/** People, organisations and places. Element names are those of STU3; what is not named here is set aside. */

const GENDERS = ['male', 'female', 'other', 'unknown'] as const;

function copyAll(conversion: ElementConversion, ...names: readonly string[]): void {
  for (const name of names) conversion.copy(name);
}

export function convertPatient(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'active', 'name', 'telecom', 'birthDate', 'address', 'maritalStatus');
  conversion.copyCode('gender', GENDERS);
  conversion.copyChoice('deceased');
  conversion.copyChoice('multipleBirth');
  copyAll(
    conversion,
    'photo',
    'contact',
    'communication',
    'generalPractitioner',
    'managingOrganization',
    'link',
  );
  for (const spoken of objectsOf(conversion.peek('extension'))) {
    if (spoken['url'] !== SOURCE_EXTENSION.nhsCommunication) continue;
    const parts = objectsOf(spoken['extension']);
    const language = parts.find((part) => part['url'] === 'language')?.['valueCodeableConcept'];
    if (language === undefined) continue;
    const preferred = parts.find((part) => part['url'] === 'preferred')?.['valueBoolean'];
    conversion.append('communication', {
      language: conversion.carry(language, 'communication.language'),
      ...(typeof preferred === 'boolean' && { preferred }),
    });
  }
}

export function convertPractitioner(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'active', 'name', 'telecom', 'address', 'birthDate', 'photo');
  conversion.copyCode('gender', GENDERS);
  copyAll(conversion, 'qualification', 'communication');
}

export function convertPractitionerRole(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'active', 'period', 'practitioner', 'organization', 'code', 'specialty');
  copyAll(conversion, 'location', 'healthcareService', 'telecom', 'availableTime', 'notAvailable');
  copyAll(conversion, 'availabilityExceptions', 'endpoint');
}

export function convertOrganization(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'active',
    'type',
    'name',
    'alias',
    'telecom',
    'address',
    'partOf',
    'contact',
  );
  copyAll(conversion, 'endpoint');
}

export function convertLocation(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'operationalStatus', 'name', 'alias', 'description');
  conversion.copyCode('status', ['active', 'suspended', 'inactive']);
  conversion.copyCode('mode', ['instance', 'kind']);
  conversion.copyToList('type');
  copyAll(
    conversion,
    'telecom',
    'address',
    'physicalType',
    'position',
    'managingOrganization',
    'partOf',
    'endpoint',
  );
}

export function convertHealthcareService(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'active',
    'providedBy',
    'type',
    'specialty',
    'location',
    'name',
    'comment',
  );
  conversion.copyToList('category');
  conversion.copy('extraDetails');
  copyAll(conversion, 'photo', 'telecom', 'coverageArea', 'serviceProvisionCode', 'characteristic');
  copyAll(conversion, 'referralMethod', 'appointmentRequired', 'availableTime', 'notAvailable');
  copyAll(conversion, 'availabilityExceptions', 'endpoint');
}

export function convertRelatedPerson(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'active',
    'patient',
    'name',
    'telecom',
    'birthDate',
    'address',
    'photo',
    'period',
  );
  conversion.copyCode('gender', GENDERS);
  conversion.copyToList('relationship');
}

/** `requester` of STU3 is an agent and on whose behalf; R4 keeps the agent alone. */
export function copyRequester(conversion: ElementConversion, onBehalfOfUrl: string): void {
  const requester = objectOf(conversion.take('requester'));
  if (!requester) return;
  // A bare reference is not STU3, but is found.
  const agent = requester['agent'] ?? (textOf(requester['reference']) ? requester : undefined);
  conversion.set('requester', conversion.carryReference(agent, 'requester'));
  const behalf = conversion.carryReference(requester['onBehalfOf'], 'requester.onBehalfOf');
  if (behalf) conversion.append('extension', { url: onBehalfOfUrl, valueReference: behalf });
  for (const [key, value] of Object.entries(requester)) {
    if (!['agent', 'onBehalfOf', 'reference', 'display', 'identifier'].includes(key) && value !== undefined) {
      conversion.setAside(`requester.${key}`, value, `requester.${key} has no place in R4`);
    }
  }
}
