import { useDeferredValue } from 'react';
import { useBagQuery } from '../bag/index.ts';
import { PatientLine } from '../patient-search/index.ts';
import { Notice, useNow } from '../../ui/index.ts';

/** People here who may be the one being registered: shown while typing, matched by a person, never by itself. */
export function ProbablySame({
  family,
  given,
  birthDate,
  nhsNumber,
  onOpen,
}: {
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly nhsNumber: string;
  readonly onOpen: (patientId: string) => void;
}) {
  const now = useNow();
  const names = useDeferredValue(`${family.trim()} ${given.trim()}`.trim());
  const enough =
    nhsNumber !== '' || (family.trim().length >= 2 && (given.trim().length >= 2 || birthDate !== ''));
  const { value } = useBagQuery(enough ? `same ${names} ${birthDate} ${nhsNumber}` : null, async (bag) => {
    const asked = nhsNumber === '' ? `${names} ${birthDate}`.trim() : nhsNumber;
    return (await bag.searchPatients(asked, 5)).hits;
  });
  if (!value || value.length === 0) return null;
  return (
    <Notice tone="amber" role="status">
      <strong>Already here? Compare before you register.</strong>
      <ul className="stack">
        {value.map((hit) => (
          <li key={hit.entry.id}>
            <button
              type="button"
              className="entry-head"
              onClick={() => {
                onOpen(hit.entry.id);
              }}
            >
              <PatientLine hit={hit} now={now} />
            </button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
