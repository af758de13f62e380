import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  ResourceType,
} from '@medplum/fhirtypes';
import { searchParameters, type Parameters } from '../search/parameters.ts';

const interactions: readonly CapabilityStatementRestResourceInteraction['code'][] = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];

/** What this service does, no more and no less: made from the same tables that answer. */
export function capabilityStatement(baseUrl: string, version: string, date: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Gladstone record service', version },
    implementation: { description: 'Gladstone record service', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'A search parameter or modifier that is not listed is refused, never ignored. _history with _since is ordered by commit: ask again from the highest meta.lastUpdated seen. A PUT over an existing resource needs If-Match.',
        security: {
          description:
            'OpenID Connect bearer token of the organisation in the base URL; roles decide by activity.',
        },
        resource: [...searchParameters]
          .map(([type, parameters]) => resourceOf(type, parameters))
          .concat(auditEvent),
        interaction: [{ code: 'transaction' }, { code: 'batch' }, { code: 'history-system' }],
        searchParam: [
          { name: '_id', type: 'token' },
          { name: '_lastUpdated', type: 'date' },
        ],
      },
    ],
  };
}

function resourceOf(type: string, parameters: Parameters): CapabilityStatementRestResource {
  const references = Object.entries(parameters).filter(([, parameter]) => parameter.kind === 'reference');
  return {
    type: type as ResourceType,
    interaction: interactions.map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'not-match',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    searchInclude: references.map(([name]) => `${type}:${name}`),
    searchRevInclude: reverseIncludes(type),
    searchParam: Object.entries(parameters).map(([name, parameter]) => ({ name, type: parameter.kind })),
    ...(type === 'Patient'
      ? {
          operation: [
            { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
            { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
          ],
        }
      : {
          operation: [
            { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
          ],
        }),
  };
}

/** Written by the service alone; see record-service/audit. */
const auditEvent: CapabilityStatementRestResource = {
  type: 'AuditEvent',
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  searchParam: [
    { name: 'patient', type: 'reference' },
    { name: 'agent', type: 'token' },
    { name: 'date', type: 'date' },
    { name: 'entity', type: 'reference' },
  ],
};

/** References that may point here: those that name this type, and those that name none. */
function reverseIncludes(type: string): string[] {
  return [...searchParameters].flatMap(([from, parameters]) =>
    Object.entries(parameters).flatMap(([name, parameter]) =>
      parameter.kind === 'reference' && parameter.target === type ? [`${from}:${name}`] : [],
    ),
  );
}
