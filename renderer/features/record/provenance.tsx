import type { ReactNode } from 'react';
import { displayDateTime, displayExactTime } from '../../../domain/clinical/date-display.ts';
import { reachWords } from '../../../domain/record/local-warnings.ts';
import { Dialog, Empty, Notice, Skeleton, Button } from '../../ui/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { ROLE_WORDS, useMay } from '../session/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';

/** Who, in what role, where, when, from where: of any entry (clinical.md, Governance: Provenance). */
export function ProvenancePanel({
  patientId,
  entryKey,
  whose,
  onClose,
}: {
  readonly patientId: string;
  readonly entryKey: string;
  readonly whose: ReactNode;
  readonly onClose: () => void;
}) {
  const act = useRecordAction();
  const reach = reachWords(entryKey);
  const mayWrite = useMay()('record-clinical');
  const correct = () => {
    act({ kind: 'correct-observation', key: entryKey });
  };
  useCommand({
    id: 'dialog.correct',
    title: 'Correct the value of this observation',
    keys: 'Alt+C',
    group: 'Record',
    enabled: mayWrite && entryKey.startsWith('Observation/'),
    run: correct,
  });
  const { value, error } = useBagQuery(`provenance ${patientId} ${entryKey}`, (bag) =>
    bag.provenance(patientId, entryKey),
  );
  return (
    <Dialog
      title={value ? `Where this ${value.category.toLowerCase()} comes from` : 'Where this comes from'}
      aside={whose}
      size="wide"
      onClose={onClose}
      foot={
        <>
          {mayWrite && entryKey.startsWith('Observation/') ? (
            <Button keys="Alt+C" onClick={correct}>
              Correct the value
            </Button>
          ) : null}
          {entryKey.startsWith('DocumentReference/') ? (
            <Button
              onClick={() => {
                act({ kind: 'open-document', key: entryKey });
              }}
            >
              Open the document
            </Button>
          ) : null}
          {mayWrite ? (
            <Button
              tone="danger"
              onClick={() => {
                act({ kind: 'entered-in-error', key: entryKey });
              }}
            >
              Mark as entered in error
            </Button>
          ) : null}
          {mayWrite ? (
            <Button
              onClick={() => {
                act({ kind: 'move-entry', key: entryKey });
              }}
            >
              Move to the right patient
            </Button>
          ) : null}
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {error ? <Notice tone="danger">{error}</Notice> : null}
      {value === undefined ? <Skeleton label="Reading" lines={8} /> : null}
      {value === null ? <Empty>This entry is not in the data on this computer.</Empty> : null}
      {value ? (
        <div className="provenance stack">
          <div>
            <Marks source={value.source} />
          </div>
          <dl>
            <Line label="Author" value={[value.author, roleWords(value.role)].filter(Boolean).join(', ')} />
            {value.enteredBy ? <Line label="Entered by" value={value.enteredBy} /> : null}
            <Line label="Organisation" value={value.organisation} />
            <Line label="Location" value={value.location} />
            <Line label="Clinical time" value={displayDateTime(value.when ?? undefined)} />
            <Line label="Recorded" value={displayExactTime(value.recorded ?? undefined)} />
            <Line
              label="Received by the service"
              value={value.receivedByService ? displayExactTime(value.receivedByService) : 'Not yet'}
            />
            <Line label="Imported from" value={value.importedFrom ?? 'Recorded in this system'} />
            {reach === null ? null : <Line label="Warns" value={reach} />}
            {value.identifiers.map((identifier) => (
              <Line
                key={`${identifier.label} ${identifier.value}`}
                label={identifier.label}
                value={identifier.value}
              />
            ))}
          </dl>
          {value.corrections.length > 0 ? (
            <>
              <h3>Corrected</h3>
              <ul>
                {value.corrections.map((correction, index) => (
                  <li key={index}>
                    Before: <s className="strong">{correction.was}</s>. Corrected{' '}
                    {displayDateTime(correction.when ?? undefined)} by {correction.author ?? 'not recorded'}:{' '}
                    {correction.reason ?? 'no reason recorded'}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
          <h3>Versions</h3>
          <ol>
            {value.versions.map((version, index) => (
              <li key={index}>
                {version.version === null ? 'Only on this computer' : `Version ${version.version}`},{' '}
                {displayExactTime(version.when ?? undefined)}
                {version.author ? `, ${version.author}` : ''}
              </li>
            ))}
          </ol>
          <p className="quiet small">Older versions are kept with the record service.</p>
        </div>
      ) : null}
    </Dialog>
  );
}

/** What this computer has not sent names the role by its code. */
function roleWords(role: string | null): string | null {
  return role !== null && role in ROLE_WORDS ? ROLE_WORDS[role as keyof typeof ROLE_WORDS] : role;
}

function Line({ label, value }: { readonly label: string; readonly value: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value === null || value === '' ? 'Not recorded' : value}</dd>
    </>
  );
}
