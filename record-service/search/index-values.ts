import type { ResourceJson } from '../../domain/sync/operation.ts';
import { BEGINNING, END, dateRange, type DateRange } from './date-range.ts';
import { fold } from './fold.ts';
import { searchParameters, type SearchParameter } from './parameters.ts';

/** What a resource is found by. No value stands twice. */
export interface IndexValues {
  readonly tokens: readonly { readonly parameter: string; readonly system: string; readonly code: string }[];
  readonly strings: readonly { readonly parameter: string; readonly value: string }[];
  readonly dates: readonly ({ readonly parameter: string } & DateRange)[];
  readonly references: readonly {
    readonly parameter: string;
    readonly targetType: string;
    readonly targetId: string;
  }[];
}

// B-tree keys have a limit of about 2,700 bytes; longer codes and texts are found by their beginning.
export const LONGEST_VALUE = 300;

export function indexValuesOf(resource: ResourceJson): IndexValues {
  const tokens = new Map<string, IndexValues['tokens'][number]>();
  const strings = new Map<string, IndexValues['strings'][number]>();
  const dates = new Map<string, IndexValues['dates'][number]>();
  const references = new Map<string, IndexValues['references'][number]>();

  for (const [name, parameter] of Object.entries(searchParameters.get(resource.resourceType) ?? {})) {
    if (parameter.indexedAs !== undefined) continue;
    for (const element of elementsAt(resource, parameter)) {
      switch (parameter.kind) {
        case 'token':
          for (const { system, code } of tokensOf(element)) {
            tokens.set(`${name}\0${system}\0${code}`, { parameter: name, system, code });
          }
          break;
        case 'string':
          if (typeof element === 'string') {
            const value = fold(element).slice(0, LONGEST_VALUE);
            if (value !== '') strings.set(`${name}\0${value}`, { parameter: name, value });
          }
          break;
        case 'date': {
          const range = rangeOf(element);
          if (range !== undefined)
            dates.set(`${name}\0${range.low}\0${range.high}`, { parameter: name, ...range });
          break;
        }
        case 'reference': {
          const target = targetOf(element);
          if (target !== undefined) {
            references.set(`${name}\0${target.targetType}\0${target.targetId}`, {
              parameter: name,
              ...target,
            });
          }
          break;
        }
      }
    }
  }
  return {
    tokens: [...tokens.values()],
    strings: [...strings.values()],
    dates: [...dates.values()],
    references: [...references.values()],
  };
}

/** The elements at a parameter's paths, lists walked. `telecom[phone]` keeps those whose system is `phone`. */
function elementsAt(resource: ResourceJson, parameter: Pick<SearchParameter, 'paths'>): unknown[] {
  return parameter.paths.flatMap((path) => {
    let found: unknown[] = [resource];
    for (const step of path.split('.')) {
      const [, element, system] = /^(\w+)(?:\[(\w+)\])?$/.exec(step) ?? [];
      found = found.flatMap((parent) => childrenOf(parent, element ?? step));
      if (system !== undefined) found = found.filter((item) => isRecord(item) && item['system'] === system);
    }
    return found;
  });
}

function childrenOf(parent: unknown, element: string): unknown[] {
  if (!isRecord(parent)) return [];
  const child = parent[element];
  if (child === undefined || child === null) return [];
  return Array.isArray(child) ? child : [child];
}

function tokensOf(element: unknown): { system: string; code: string }[] {
  if (typeof element === 'string' || typeof element === 'boolean') return [token('', String(element))];
  if (!isRecord(element)) return [];
  if (Array.isArray(element['coding'])) return element['coding'].flatMap(tokensOf);
  // Identifier and ContactPoint carry a value, Coding a code.
  const code = element['value'] ?? element['code'];
  return typeof code === 'string' ? [token(element['system'], code)] : [];
}

function token(system: unknown, code: string): { system: string; code: string } {
  return {
    system: typeof system === 'string' ? system.slice(0, LONGEST_VALUE) : '',
    code: code.slice(0, LONGEST_VALUE),
  };
}

function rangeOf(element: unknown): DateRange | undefined {
  if (typeof element === 'string') return dateRange(element);
  if (!isRecord(element)) return undefined;
  const { start, end } = element;
  if (typeof start !== 'string' && typeof end !== 'string') return undefined;
  const low = typeof start === 'string' ? dateRange(start)?.low : BEGINNING;
  const high = typeof end === 'string' ? dateRange(end)?.high : END;
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** `Type/id` of a literal reference, relative or absolute, with or without a version. */
export function targetOf(element: unknown): { targetType: string; targetId: string } | undefined {
  if (!isRecord(element) || typeof element['reference'] !== 'string') return undefined;
  const match = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]+)?$/.exec(
    element['reference'],
  );
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { targetType: match[1], targetId: match[2] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
