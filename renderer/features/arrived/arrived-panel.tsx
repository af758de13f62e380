import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { Button, Tag } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { isAbnormal, useArrived, type ArrivedPatient } from './arrived-context.tsx';

/** In the title bar: how many patients' records hold something new, without a name. */
export function ArrivedCount() {
  const { patients } = useArrived();
  if (patients.length === 0) return null;
  const abnormal = patients.filter(isAbnormal).length;
  return (
    <span className="title-new" title="Arrived since you last looked">
      {patients.length} new{abnormal > 0 ? ` ⚠ ${abnormal}` : ''}
      <span className="spoken">
        : arrived since you last looked{abnormal > 0 ? ', abnormal among them' : ''}
      </span>
    </span>
  );
}

/** What came into the records of patients whom one saw within 14 days. It stands until a person has read it. */
export function ArrivedPanel({ onOpen }: { readonly onOpen: (patientId: string) => void }) {
  const { patients } = useArrived();
  const ids = patients.map(({ patientId }) => patientId);
  const hits = useBagQuery(ids.length === 0 ? null : `patients ${ids.join(' ')}`, (bag) => bag.patients(ids));
  useCommand({
    id: 'arrived.open',
    title: 'Open the next patient with something that arrived',
    keys: 'Alt+J',
    group: 'Tasks',
    enabled: patients.length > 0,
    run: () => {
      const [first] = ids;
      if (first !== undefined) onOpen(first);
    },
  });
  if (patients.length === 0) return null;
  return (
    <section className="panel arrived" aria-label="Arrived since you last looked">
      <header>
        <h2>Arrived since you last looked</h2>
        <span className="quiet">
          {patients.length} <kbd>Alt+J</kbd> opens the first
        </span>
      </header>
      <ul>
        {patients.map((patient) => (
          <OnePatient
            key={patient.patientId}
            patient={patient}
            name={hitName(hits.value, patient.patientId)}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  );
}

function hitName(
  hits: readonly ({ readonly entry: Parameters<typeof entryName>[0] } | null)[] | undefined,
  patientId: string,
): string {
  const hit = hits?.find((one) => one?.entry.id === patientId);
  return hit ? entryName(hit.entry) : 'Open the record';
}

function OnePatient({
  patient,
  name,
  onOpen,
}: {
  readonly patient: ArrivedPatient;
  readonly name: string;
  readonly onOpen: (patientId: string) => void;
}) {
  const { read } = useArrived();
  const { patientId, entries, lookedAt } = patient;
  return (
    <li className="attention-item">
      <p>
        <button
          type="button"
          className="entry-head surgery-name"
          onClick={() => {
            onOpen(patientId);
          }}
        >
          {name}
        </button>{' '}
        <span className="quiet">you looked {displayDateTime(lookedAt)}</span>
      </p>
      <ArrivedWords entries={entries} />
      <div className="row">
        <Button onClick={() => void read(patientId)}>Mark as read: {name}</Button>
      </div>
    </li>
  );
}

const SHOWN = 5;

/** Abnormal first; what is not shown is counted. */
export function ArrivedWords({ entries }: { readonly entries: ArrivedPatient['entries'] }) {
  return (
    <p>
      {entries.slice(0, SHOWN).map((entry) => (
        <span key={entry.key} className="arrived-entry">
          {entry.abnormal ? <Tag tone="danger">abnormal</Tag> : null} {entry.words}
          {entry.author === null ? '' : `, ${entry.author}`}.{' '}
        </span>
      ))}
      {entries.length > SHOWN ? <strong>And {entries.length - SHOWN} more, in the record.</strong> : null}
    </p>
  );
}
