import type { News2Reading } from '../../../domain/clinical/news2-reading.ts';
import { Tag } from '../../ui/index.ts';

/** The band of a score in words, beside its number. */
export function BandTag({ band }: { readonly band: News2Reading | null }) {
  return band ? (
    <>
      <Tag tone={band.isUrgent ? 'danger' : undefined}>{band.words}</Tag>{' '}
    </>
  ) : null;
}
