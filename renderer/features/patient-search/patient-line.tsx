import { memo } from 'react';
import { bannerAge } from '../../../domain/clinical/age.ts';
import { genderWords } from '../../../domain/clinical/banner.ts';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import { formatNhsNumber } from '../../../domain/clinical/nhs-number.ts';
import { displayName } from '../../../domain/clinical/patient-name.ts';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';
import type { PatientHit, Readiness } from '../../cache/index.ts';
import { Tag } from '../../ui/index.ts';
import './patient-search.css';

const READINESS_WORDS: Readonly<Record<Readiness, string>> = {
  ready: 'Whole record here',
  arriving: 'Record still to come',
  new: 'Registered here, not yet sent',
  unknown: 'Not on this computer',
};

const READINESS_MARKS: Readonly<Record<Readiness, string>> = {
  ready: '●',
  arriving: '◔',
  new: '✚',
  unknown: '○',
};

export function ReadinessMark({ readiness }: { readonly readiness: Readiness }) {
  return (
    <span className="readiness" data-readiness={readiness} title={READINESS_WORDS[readiness]}>
      <span aria-hidden="true">{READINESS_MARKS[readiness]}</span>
      <span className="spoken">{READINESS_WORDS[readiness]}</span>
    </span>
  );
}

/** `SMITH, John (Mr)` of a directory entry. */
export function entryName(entry: DirectoryEntry): string {
  return displayName({
    family: entry.family,
    given: [...entry.given],
    ...(entry.prefix ? { prefix: [entry.prefix] } : {}),
  });
}

/** Enough to tell two people of one name apart: the banner confirms who it is. Drawn anew only when somebody changed. */
export const PatientLine = memo(function PatientLine({
  hit,
  now,
}: {
  readonly hit: PatientHit;
  readonly now: string;
}) {
  const { entry } = hit;
  const age = entry.deceased ? null : bannerAge({ birthDate: entry.birthDate }, { date: now });
  return (
    <div className="patient-line">
      <span className="patient-line-name">{entryName(entry)}</span>
      <span>
        <span className="quiet">Born</span> {displayDate(entry.birthDate)}
        {age ? ` (${age})` : ''}
        {entry.deceased ? <Tag>Died</Tag> : null}
      </span>
      <span>{genderWords(entry.gender)}</span>
      <span className="nowrap">
        <span className="quiet">NHS No.</span>{' '}
        {entry.nhsNumber ? formatNhsNumber(entry.nhsNumber) : 'Not recorded'}
      </span>
      <span className="patient-line-address">
        {entry.protectedPatient
          ? 'Protected'
          : entry.address
            ? [...entry.address.lines, entry.address.postcode].filter(Boolean).join(', ')
            : ''}
      </span>
      <span className="patient-line-state">
        {entry.registration === 'registered' ? null : <Tag tone="amber">{entry.registration}</Tag>}
        {hit.pending > 0 ? <Tag>{hit.pending} waiting to send</Tag> : null}
        <ReadinessMark readiness={hit.readiness} />
      </span>
    </div>
  );
});
