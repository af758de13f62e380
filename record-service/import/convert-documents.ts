import type { ElementConversion } from './element-conversion.ts';
import { isObject, objectOf, objectsOf, textOf, without } from './source.ts';
import type { Json, JsonObject } from './source.ts';

/** Encounters, letters, reports and forms. */

function copyAll(conversion: ElementConversion, ...names: readonly string[]): void {
  for (const name of names) conversion.copy(name);
}

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** R4 requires a class; STU3 did not. Only words of the type that leave no doubt give one. */
function encounterClass(typeText: string): Record<string, string> {
  if (/telephone|video|online|e-?mail|sms/i.test(typeText))
    return { system: ACT_CODE, code: 'VR', display: 'virtual' };
  if (/home visit|care home|nursing home|residential/i.test(typeText)) {
    return { system: ACT_CODE, code: 'HH', display: 'home health' };
  }
  if (/surgery|face to face|clinic/i.test(typeText))
    return { system: ACT_CODE, code: 'AMB', display: 'ambulatory' };
  return { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK', display: 'unknown' };
}

export function convertEncounter(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'statusHistory',
    'classHistory',
    'type',
    'priority',
    'subject',
    'episodeOfCare',
  );
  conversion.copyCode(
    'status',
    [
      'planned',
      'arrived',
      'triaged',
      'in-progress',
      'onleave',
      'finished',
      'cancelled',
      'entered-in-error',
      'unknown',
    ],
    'unknown',
  );
  conversion.copy('class');
  if (conversion.out['class'] === undefined) {
    const words = objectsOf(conversion.peek('type')).map(
      (type) => textOf(type['text']) ?? textOf(objectsOf(type['coding'])[0]?.['display']) ?? '',
    );
    conversion.set('class', encounterClass(words.join(' ')));
  }
  conversion.copy('incomingReferral', 'basedOn');
  copyAll(
    conversion,
    'participant',
    'period',
    'length',
    'account',
    'hospitalization',
    'location',
    'serviceProvider',
    'partOf',
  );
  conversion.copyToList('appointment');
  conversion.copy('reason', 'reasonCode');
  for (const diagnosis of objectsOf(conversion.take('diagnosis'))) {
    const carried = conversion.carry(diagnosis, 'diagnosis');
    if (!isObject(carried)) continue;
    const { role, ...rest } = carried;
    conversion.append('diagnosis', { ...rest, ...(role !== undefined && { use: role }) });
  }
}

export function convertDocumentReference(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'masterIdentifier',
    'identifier',
    'type',
    'subject',
    'author',
    'authenticator',
    'custodian',
  );
  copyAll(conversion, 'relatesTo', 'description', 'securityLabel');
  conversion.copyCode('status', ['current', 'superseded', 'entered-in-error']);
  conversion.copyCode('docStatus', ['preliminary', 'final', 'amended', 'entered-in-error']);
  conversion.copyToList('class', 'category');
  conversion.copy('indexed', 'date');
  const created = conversion.carry(conversion.take('created'), 'created');
  for (const [position, content] of objectsOf(conversion.take('content')).entries()) {
    const carried = conversion.carry(content, `content[${position}]`);
    if (!isObject(carried)) continue;
    const attachment = withBinary(conversion, objectOf(carried['attachment']) ?? {});
    conversion.append('content', {
      ...carried,
      attachment: {
        ...attachment,
        ...(created !== undefined && attachment['creation'] === undefined && { creation: created }),
      },
    });
  }
  if (created !== undefined && conversion.out['content'] === undefined) {
    conversion.setAside('created', created as Json, 'created has no content to stand beside');
  }
  const context = objectOf(conversion.take('context'));
  if (!context) return;
  const carried = conversion.carry(context, 'context');
  if (!isObject(carried)) return;
  const { encounter, related, ...rest } = carried;
  conversion.set('context', {
    ...rest,
    ...(encounter !== undefined && {
      encounter: Array.isArray(encounter) ? (encounter as unknown) : [encounter],
    }),
    ...(related !== undefined && {
      related: objectsOf(related).map((item) => {
        const reference = objectOf(item['ref']) ?? {};
        return { ...(item['identifier'] !== undefined && { identifier: item['identifier'] }), ...reference };
      }),
    }),
  });
}

/** A Binary in the same file becomes the attachment's own data: it then belongs to nobody else. */
function withBinary(conversion: ElementConversion, attachment: JsonObject): Record<string, unknown> {
  const binary = binaryOf(conversion, textOf(attachment['url']));
  if (!binary) return { ...attachment };
  return {
    ...without(attachment, 'url'),
    contentType: attachment['contentType'] ?? binary['contentType'],
    data: binary['content'] ?? binary['data'],
  };
}

function binaryOf(conversion: ElementConversion, url: string | undefined): JsonObject | undefined {
  if (url === undefined) return undefined;
  const resolved = conversion.index.resolve(url, conversion.entry);
  return resolved.kind === 'entry' && resolved.entry.type === 'Binary' ? resolved.entry.resource : undefined;
}

export function convertDiagnosticReport(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'basedOn',
    'code',
    'subject',
    'issued',
    'specimen',
    'result',
    'imagingStudy',
  );
  conversion.copyCode(
    'status',
    [
      'registered',
      'partial',
      'preliminary',
      'final',
      'amended',
      'corrected',
      'appended',
      'cancelled',
      'entered-in-error',
      'unknown',
    ],
    'unknown',
  );
  conversion.copyToList('category');
  conversion.copy('context', 'encounter');
  conversion.copyChoice('effective');
  for (const performer of objectsOf(conversion.take('performer'))) {
    conversion.append('performer', conversion.carryReference(performer['actor'] ?? performer, 'performer'));
    if (performer['role'] !== undefined)
      conversion.setAside('performer.role', performer['role'], 'performer.role has no place in R4');
  }
  conversion.copy('image', 'media');
  conversion.copy('conclusion');
  conversion.copy('codedDiagnosis', 'conclusionCode');
  conversion.copy('presentedForm');
}

export function convertSpecimen(conversion: ElementConversion): void {
  copyAll(
    conversion,
    'identifier',
    'accessionIdentifier',
    'type',
    'subject',
    'receivedTime',
    'parent',
    'request',
  );
  conversion.copyCode('status', ['available', 'unavailable', 'unsatisfactory', 'entered-in-error']);
  copyAll(conversion, 'collection', 'processing', 'container', 'note');
}

export function convertQuestionnaireResponse(conversion: ElementConversion): void {
  copyAll(conversion, 'identifier', 'basedOn', 'subject', 'authored', 'author', 'source');
  conversion.copy('parent', 'partOf');
  conversion.copyCode('status', ['in-progress', 'completed', 'amended', 'entered-in-error', 'stopped']);
  conversion.copy('context', 'encounter');
  conversion.set('item', withLinkIds(conversion.carry(conversion.take('item'), 'item'), 'item'));
}

/** R4 requires a linkId; sources leave it out. The place in the form stands in. */
function withLinkIds(items: unknown, place: string): unknown {
  if (!Array.isArray(items)) return undefined;
  return items.filter(isObject).map((item, position) => {
    const linkId = `${place}-${position + 1}`;
    const nested = withLinkIds(item['item'], linkId);
    return { linkId, ...item, ...(nested !== undefined && { item: nested }) };
  });
}
