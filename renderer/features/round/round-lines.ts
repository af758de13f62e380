import type { CarriedCopy } from '../../../domain/record/round-readiness.ts';
import { compareByAddress } from '../../../domain/search/address-search.ts';
import type { AgendaLine, CarriedRecord, PatientHit } from '../../cache/index.ts';

/** One picked patient with all that is known of how ready the bag is for the visit. */
export interface RoundLine {
  readonly patientId: string;
  /** `null` where nothing on this computer knows the patient. */
  readonly hit: PatientHit | null;
  readonly copy: CarriedCopy;
  /** What the opened record says; absent until it was opened, and where it does not open. */
  readonly record: Extract<CarriedRecord, { readonly documents: unknown }> | undefined;
  /** The booking of the day with the person at work, where there is one. */
  readonly visit: AgendaLine | undefined;
}

/** In the order in which one walks them; whoever has no address to be ordered by, last. */
export function roundLines(
  patientIds: readonly string[],
  hits: readonly (PatientHit | null)[],
  carried: ReadonlyMap<string, CarriedRecord>,
  booked: readonly AgendaLine[],
): readonly RoundLine[] {
  const byId = new Map(hits.flatMap((hit) => (hit === null ? [] : [[hit.entry.id as string, hit] as const])));
  return patientIds
    .map((patientId): RoundLine => {
      const record = carried.get(patientId);
      return {
        patientId,
        hit: byId.get(patientId) ?? null,
        copy: record?.copy ?? 'checking',
        record: record && 'documents' in record ? record : undefined,
        visit: booked.find(({ appointment }) => appointment.patientId === patientId),
      };
    })
    .sort((left, right) =>
      left.hit && right.hit
        ? compareByAddress(left.hit.entry, right.hit.entry)
        : Number(left.hit === null) - Number(right.hit === null),
    );
}

/** Documents of one record in words: how many, and how many of them cannot be read without the network. */
export function documentWords(
  record: RoundLine['record'],
): { readonly all: string; readonly not: string | null } | null {
  if (!record) return null;
  const { inRecord, elsewhere, notShown } = record.documents;
  const all = inRecord === 0 ? 'None' : inRecord === 1 ? '1 document' : `${inRecord} documents`;
  const parts = [
    elsewhere === 0 ? null : `${elsewhere} not here, only with the service`,
    notShown === 0 ? null : `${notShown} of a kind that does not open here`,
  ].filter((part) => part !== null);
  return { all, not: parts.length === 0 ? null : parts.join(', ') };
}

export const COPY_WORDS: Readonly<Record<CarriedCopy, { readonly mark: string; readonly words: string }>> = {
  whole: { mark: '●', words: 'Whole record here' },
  new: { mark: '✚', words: 'Registered here, not yet sent' },
  checking: { mark: '…', words: 'Being checked' },
  'to-come': { mark: '◔', words: 'Still to come' },
  older: { mark: '◔', words: 'Older copy here, the newer one still to come' },
  unreadable: { mark: '⚠', words: 'Cannot be read' },
  'not-here': { mark: '○', words: 'Not on this computer' },
};
