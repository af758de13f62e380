import { useEffect, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { draftWords, offerDraft } from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';

/** Which pane of the record goes on with it; `none`: the record says it at its head. */
export type DraftPane = 'consultation' | 'observations' | 'none';

/** One's own work that was begun and neither signed nor given up, also what came back from a lost computer. */
export function UnfinishedWork({
  onOpen,
}: {
  readonly onOpen: (patientId: string, pane: DraftPane) => void;
}) {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [error, setError] = useState<BridgeError | null>(null);
  useEffect(() => {
    let stale = false;
    void host()
      .call('draft.list')
      .then((answer) => {
        if (stale) return;
        if (answer.ok) setDrafts(answer.value);
        setError(answer.ok ? null : answer.error);
      });
    return () => {
      stale = true;
    };
  }, []);
  const ids = [...new Set(drafts.flatMap(({ patientId }) => patientId ?? []))];
  const patients = useBagQuery(`patients ${ids.join(' ')}`, (bag) => bag.patients(ids)).value ?? [];
  if (drafts.length === 0 && error === null) return null;
  const shown = drafts.toSorted((left, right) => left.startedAt.localeCompare(right.startedAt));
  return (
    <section className="panel" aria-label="Begun and not finished">
      <header>
        <h2>Begun and not finished</h2>
        <span className="quiet">yours, kept on this computer until you sign it or give it up</span>
      </header>
      <ErrorNotice error={error} />
      <table>
        <thead>
          <tr>
            <th scope="col">Patient</th>
            <th scope="col">What</th>
            <th scope="col">Begun</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((draft) => {
            const hit = patients.find((one) => one?.entry.id === draft.patientId);
            return (
              <tr key={draft.draftId}>
                <td>
                  {draft.patientId === undefined ? (
                    (WITHOUT_PATIENT[draft.kind] ?? 'Without a patient')
                  ) : (
                    <button
                      type="button"
                      className="entry-head"
                      onClick={() => {
                        offerDraft(draft);
                        onOpen(draft.patientId ?? '', paneOf(draft));
                      }}
                    >
                      {hit ? entryName(hit.entry) : 'A patient of this bag'}
                    </button>
                  )}
                </td>
                <td>{draftWords(draft)}</td>
                <td>{displayDateTime(draft.startedAt)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const WITHOUT_PATIENT: Readonly<Partial<Record<Draft['kind'], string>>> = {
  registration: 'Not yet registered: Alt+R goes on with it',
  other: 'About no patient: Alt+Q goes on with it',
};

function paneOf({ kind }: Draft): DraftPane {
  return kind === 'consultation' || kind === 'observations' ? kind : 'none';
}
