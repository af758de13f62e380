import { OperationOutcomeError, validateResource, type TypedValueWithPath } from '@medplum/core';
import type { OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { isExactDecimal } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { loadDefinitions } from './definitions.ts';
import { requiredCodeIssues } from './required-codes.ts';
import { ukCoreWarnings } from './uk-core.ts';

/** Bytes; the size of a request limits it further. */
const LARGEST_ATTACHMENT = 32 * 1024 * 1024;

/** Issues of severity `error` refuse the resource; warnings are told and refuse nothing. */
export interface Validation {
  readonly errors: readonly OperationOutcomeIssue[];
  readonly warnings: readonly OperationOutcomeIssue[];
}

/**
 * Checks a resource against R4: types, cardinality, unknown elements, fixed values and the constraints that are
 * written as FHIRPath, and codes whose value set R4 requires. UK Core rules are checked as warnings.
 */
export function validate(resource: ResourceJson): Validation {
  loadDefinitions();
  const issues = r4Issues(resource);
  const errors = issues.filter((issue) => issue.severity === 'error' || issue.severity === 'fatal');
  const warnings = issues.filter((issue) => issue.severity === 'warning');
  return { errors, warnings: [...warnings, ...ukCoreWarnings(resource)] };
}

function r4Issues(resource: ResourceJson): OperationOutcomeIssue[] {
  const tokens: Record<string, TypedValueWithPath[]> = {};
  try {
    const issues = validateResource(withNumbers(resource) as Resource, {
      collect: { tokens },
      base64BinaryMaxBytes: LARGEST_ATTACHMENT,
    });
    return [...issues, ...requiredCodeIssues(tokens)];
  } catch (error) {
    if (error instanceof OperationOutcomeError) return error.outcome.issue;
    throw error;
  }
}

/** A copy whose decimals are plain numbers, as the validator wants them. */
function withNumbers(value: unknown): unknown {
  if (isExactDecimal(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withNumbers(child)]));
}
