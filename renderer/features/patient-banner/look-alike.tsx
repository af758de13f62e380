import { createContext, use } from 'react';
import { lookAlikeWords, type LookAlike } from '../../../domain/clinical/look-alike.ts';
import { Notice } from '../../ui/index.ts';
import { useBagQuery } from '../bag/index.ts';
import type { BannerContent } from './banner-of.ts';

const NOBODY: LookAlike = { alert: [], household: null };

/** Who of this practice may be taken for this patient; nobody while the directory is being asked. */
export function useLookAlike(patientId: string | null): LookAlike {
  const { value } = useBagQuery(
    patientId === null ? null : `mistakable ${patientId}`,
    async (bag) => lookAlikeWords(await bag.mistakablePatients(patientId ?? '')),
    (notice) => notice.kind === 'directory',
  );
  return value ?? NOBODY;
}

interface Guarded {
  readonly lookAlike: LookAlike;
  readonly content: BannerContent;
}

/** Whose record is open, for the guard beside every save. */
export const GuardedPatientContext = createContext<Guarded | null>(null);

/** Beside a save: that others may be taken for this patient, with what tells them apart. Nothing where nobody is. */
export function SaveGuard() {
  const guarded = use(GuardedPatientContext);
  if (!guarded || guarded.lookAlike.alert.length === 0) return null;
  const { name, born, nhsNumber } = guarded.content.banner;
  return (
    <Notice tone="amber" role="status">
      <strong>{guarded.lookAlike.alert.join(' ')}</strong> This is {name},{' '}
      <span className="nowrap">
        {born.label} <strong>{born.value}</strong>
      </span>
      ,{' '}
      <span className="nowrap">
        {nhsNumber.label} <strong>{nhsNumber.value}</strong>
      </span>
      .
    </Notice>
  );
}
