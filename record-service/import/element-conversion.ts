import { isExactDecimal } from '../../domain/fhir/exact-json.ts';
import { parsePartialDate } from '../../domain/fhir/partial-date.ts';
import { canonicalJson } from './identity.ts';
import type { SourceEntry, SourceIndex } from './source-index.ts';
import { isObject, objectsOf, textOf } from './source.ts';
import type { Json, JsonObject } from './source.ts';
import {
  codeSystemInR4,
  extensionUrlInR4,
  IMPORT_EXTENSION,
  UNRESOLVED_REFERENCE_SYSTEM,
} from './systems.ts';

/** An R4 resource under construction. */
export type Draft = Record<string, unknown>;

/**
 * Converts one source resource element by element and knows what has been dealt with: what no rule took is set aside
 * into an extension by {@link finish}, so that nothing is dropped in silence.
 */
export class ElementConversion {
  readonly entry: SourceEntry;
  readonly out: Draft = {};
  readonly reasons: string[] = [];
  readonly index: SourceIndex;
  readonly #left: Set<string>;
  readonly #setAside: { readonly path: string; readonly value: Json }[] = [];
  readonly #typeInR4: (type: string) => string;

  constructor(entry: SourceEntry, index: SourceIndex, typeInR4: (type: string) => string) {
    this.entry = entry;
    this.index = index;
    this.#typeInR4 = typeInR4;
    this.#left = new Set(
      Object.keys(entry.resource).filter((key) => !['resourceType', 'id', 'meta', 'contained'].includes(key)),
    );
  }

  /** The element as the source wrote it; from here on it counts as dealt with. */
  take(name: string): Json | undefined {
    this.#left.delete(name);
    return this.entry.resource[name];
  }

  /** The element without dealing with it. */
  peek(name: string): Json | undefined {
    return this.entry.resource[name];
  }

  /** Copies an element whose shape is the same in R4, with references and names brought over. */
  copy(name: string, as: string = name): void {
    this.#copySibling(name, as);
    const value = this.take(name);
    if (value !== undefined) this.set(as, this.carry(value, name));
  }

  /** Copies an element that R4 made a list of. */
  copyToList(name: string, as: string = name): void {
    const value = this.take(name);
    if (value === undefined) return;
    const carried = this.carry(value, name);
    if (carried !== undefined) this.set(as, Array.isArray(carried) ? carried : [carried]);
  }

  /** Copies a choice element (`value[x]`) in all its forms, but for those that R4 does not know. */
  copyChoice(name: string, as: string = name, notInR4: readonly string[] = []): void {
    for (const key of [...this.#left]) {
      const form = key.startsWith(name) ? key.slice(name.length) : '';
      if (/^[A-Z]/.test(form) && !notInR4.includes(form)) this.copy(key, as + form);
    }
  }

  /**
   * Copies a code from a fixed list; `table` gives the R4 code. A code that is not in the table is set aside with a
   * reason, and `fallback`, if there is one, stands in its place.
   */
  copyCode(
    name: string,
    table: Readonly<Record<string, string>> | readonly string[],
    fallback?: string,
  ): string | undefined {
    const value = this.take(name);
    const code = typeof value === 'string' ? value : undefined;
    const found =
      code === undefined
        ? undefined
        : Array.isArray(table)
          ? table.includes(code)
            ? code
            : undefined
          : (table as Readonly<Record<string, string>>)[code];
    if (value !== undefined && found === undefined)
      this.setAside(name, value, `${name} has a code that R4 does not know`);
    const result = found ?? fallback;
    if (result !== undefined) this.set(name, result);
    return result;
  }

  set(name: string, value: unknown): void {
    if (value !== undefined) this.out[name] = value;
  }

  append(name: string, ...values: readonly unknown[]): void {
    const present = values.filter((value) => value !== undefined);
    if (present.length > 0) this.out[name] = [...this.#listOf(name), ...present];
  }

  prepend(name: string, value: unknown): void {
    this.out[name] = [value, ...this.#listOf(name)];
  }

  /** What stands under a name so far; a source may have put one thing where a list belongs. */
  #listOf(name: string): readonly unknown[] {
    const present = this.out[name];
    if (Array.isArray(present)) return present as readonly unknown[];
    return present === undefined ? [] : [present];
  }

  /** Keeps an element as the source wrote it, in an extension, and says why in the report. */
  setAside(path: string, value: Json, reason: string): void {
    this.#setAside.push({ path, value });
    this.reasons.push(reason);
  }

  /** Deep copy with references rewritten and systems renamed; undefined where nothing of it may stay. */
  carry(value: Json | undefined, path: string): unknown {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) {
      const items = (value as readonly Json[])
        .map((item, position) => this.carry(item, `${path}[${position}]`))
        .filter((item) => item !== undefined);
      return items.length > 0 ? items : undefined;
    }
    if (typeof value === 'string') return this.#carryText(value, path);
    if (!isObject(value) || isExactDecimal(value)) return value;
    if (this.#namesSomebodyElse(value)) {
      this.reasons.push('a reference to an entry of another patient was removed');
      return undefined;
    }
    const result: Draft = {};
    for (const [key, item] of Object.entries(value)) {
      const carried = this.carry(item, `${path}.${key}`);
      if (carried !== undefined) result[key] = carried;
    }
    if (typeof value['reference'] === 'string')
      Object.assign(result, this.#reference(value['reference'], result));
    if (typeof result['url'] === 'string' && /(^|\.)(extension|modifierExtension)(\[\d+\])?$/.test(path)) {
      result['url'] = extensionUrlInR4(result['url']);
      const hasContent = Object.keys(result).some((key) => key !== 'url' && key !== 'id');
      if (!hasContent) return undefined;
    }
    if (typeof result['system'] === 'string') result['system'] = codeSystemInR4(result['system']);
    return Object.keys(result).length > 0 ? result : undefined;
  }

  /** Leaves an element out of what {@link finish} makes, and keeps it as written. */
  leaveOut(name: string, reason: string): void {
    const written = this.entry.resource[name];
    Reflect.deleteProperty(this.out, name);
    if (written !== undefined && written !== null) this.setAside(name, written, reason);
  }

  /** A rewritten reference object for one written reference; undefined when it names another patient's entry. */
  carryReference(reference: Json | undefined, path: string): Draft | undefined {
    const carried = this.carry(reference, path);
    return isObject(carried) ? carried : undefined;
  }

  /** Closes the conversion: copies what every resource has, and keeps what no rule took. */
  finish(resourceType: string, source: string): Draft {
    for (const name of ['language', 'text', 'extension', 'modifierExtension']) this.#copyBefore(name);
    for (const name of this.#left) {
      const value = this.entry.resource[name];
      if (value !== undefined && value !== null) {
        this.setAside(name, value, `${name} has no place in R4 and is kept as the source wrote it`);
      }
    }
    for (const { path, value } of this.#setAside) {
      const kept = this.carryJson(value);
      if (kept === undefined) continue;
      this.append('extension', {
        url: IMPORT_EXTENSION.sourceElement,
        extension: [
          { url: 'path', valueString: path },
          { url: 'json', valueString: canonicalJson(kept) },
        ],
      });
    }
    const { id } = this.entry;
    const meta = this.entry.resource['meta'];
    const labels: Draft = { source };
    for (const name of ['security', 'tag']) {
      const carried = isObject(meta) ? this.carry(meta[name], `meta.${name}`) : undefined;
      if (carried !== undefined) labels[name] = carried;
    }
    return { resourceType, id, meta: labels, ...this.out };
  }

  /** An element's JSON as written, but for references to other patients' entries. */
  carryJson(value: Json): Json | undefined {
    if (Array.isArray(value)) {
      return (value as readonly Json[]).flatMap((item) => this.carryJson(item) ?? []);
    }
    if (!isObject(value) || isExactDecimal(value)) return value;
    if (this.#namesSomebodyElse(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const kept = item === undefined ? undefined : this.carryJson(item);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  }

  /** Source extensions first, so that what converters appended stays behind them. */
  #copyBefore(name: string): void {
    const own = this.out[name];
    const written = this.take(name);
    const left = Array.isArray(written)
      ? (written as readonly Json[]).filter((item) => !this.#takenExtensions.has(item))
      : written;
    const value = this.carry(left, name);
    if (value === undefined) return;
    this.out[name] =
      Array.isArray(value) && Array.isArray(own) ? [...(value as unknown[]), ...(own as unknown[])] : value;
  }

  /** Deals with one extension of the resource itself: removes it from what {@link finish} copies. */
  takeExtension(url: string): JsonObject | undefined {
    const all = objectsOf(this.entry.resource['extension']);
    const chosen = all.find((extension) => extension['url'] === url);
    if (chosen) this.#takenExtensions.add(chosen);
    return chosen;
  }

  readonly #takenExtensions = new Set<Json>();

  #copySibling(name: string, as: string): void {
    const sibling = `_${name}`;
    if (!this.#left.has(sibling)) return;
    const value = this.take(sibling);
    this.set(`_${as}`, this.carry(value, sibling));
  }

  #carryText(value: string, path: string): string | undefined {
    const name = /([A-Za-z]+)(\[\d+\])?$/.exec(path)?.[1] ?? '';
    const kind = dateKind(name);
    if (kind === undefined) return this.#readable(value, path);
    if (isDate(value, kind)) return value;
    this.setAside(path, value, `${name} is not a date that R4 can hold`);
    return undefined;
  }

  /** R4 and databases forbid control characters: a mark stands in their place, the original is kept aside. */
  #readable(value: string, path: string): string {
    const readable = readableText(value);
    if (readable !== value) this.setAside(path, value, 'a text holds characters that R4 forbids');
    return readable;
  }

  #namesSomebodyElse(value: JsonObject): boolean {
    const reference = textOf(value['reference']);
    if (reference !== undefined) return this.index.resolve(reference, this.entry).kind === 'foreign';
    const identifier = value['identifier'];
    const isLogical = isObject(identifier) && Object.keys(value).every((key) => LOGICAL_REFERENCE.has(key));
    return isLogical && this.index.namesAnotherPatient(identifier, this.entry);
  }

  #reference(written: string, result: Draft): Draft {
    const resolved = this.index.resolve(written, this.entry);
    if (resolved.kind === 'entry') {
      const display = textOf(result['display']) ?? readableText(nameOf(resolved.entry) ?? '');
      return {
        reference: `${this.#typeInR4(resolved.entry.type)}/${resolved.entry.id}`,
        ...(display !== '' && { display }),
      };
    }
    this.reasons.push('a reference names something that is not in the file');
    return unresolvedReference(written, result);
  }
}

/** A reference that leads nowhere here, with its words kept. */
export function unresolvedReference(written: string, reference: Draft): Draft {
  delete reference['reference'];
  return {
    ...reference,
    ...(reference['identifier'] === undefined && {
      identifier: { system: UNRESOLVED_REFERENCE_SYSTEM, value: written },
    }),
    display: reference['display'] ?? `Not in the imported file: ${written.split('/').at(-2) ?? 'entry'}`,
  };
}

const LOGICAL_REFERENCE: ReadonlySet<string> = new Set(['identifier', 'display', 'type', 'id', 'extension']);

type DateKind = 'date' | 'dateTime' | 'instant';

const DATE_ELEMENTS: Readonly<Record<string, DateKind>> = {
  birthDate: 'date',
  expirationDate: 'date',
  bornDate: 'date',
  deceasedDate: 'date',
  valueDate: 'date',
  issued: 'instant',
  indexed: 'instant',
  valueInstant: 'instant',
};

const DATE_TIME_ELEMENTS =
  /^(date|created|authored|authoredOn|assertedDate|dateAsserted|start|end|time|lastOccurrence|receivedTime|recorded|creation|[a-z]+DateTime)$/;

function dateKind(name: string): DateKind | undefined {
  return DATE_ELEMENTS[name] ?? (DATE_TIME_ELEMENTS.test(name) ? 'dateTime' : undefined);
}

const TIMED = /T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a text is a date that exists and that R4 can write: a time needs seconds and a zone. */
function isDate(text: string, kind: DateKind): boolean {
  const parsed = parsePartialDate(text);
  if (!parsed) return false;
  if (parsed.precision !== 'time') return kind !== 'instant';
  return kind !== 'date' && TIMED.test(text);
}

/** The name of a person or place: a record carried alone must still say who wrote it and where. */
function nameOf({ type, resource }: SourceEntry): string | undefined {
  if (type === 'Organization' || type === 'Location' || type === 'HealthcareService')
    return textOf(resource['name']);
  if (type !== 'Practitioner') return undefined;
  const [name] = objectsOf(resource['name']);
  const words = [name?.['prefix'], name?.['given'], name?.['family']].flat();
  return textOf(words.filter((word) => typeof word === 'string').join(' '));
}

function readableText(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').toWellFormed();
}
