import type { Check, CheckOptions } from './check.ts';
import type { FhirClient } from './fhir-client.ts';

export interface CheckResult {
  readonly check: Check;
  /** Absent where the server did as it must. */
  readonly fault?: string;
}

/** Runs every check, one after the other; a failing one does not stop the rest. */
export async function runChecks(
  client: FhirClient,
  checks: readonly Check[],
  options: CheckOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    try {
      await check.run(client, options);
      results.push({ check });
    } catch (error) {
      results.push({
        check,
        fault: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      });
    }
  }
  return results;
}
