import { useDeferredValue, useState } from 'react';
import { Empty, TextField } from '../../ui/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { Nothing } from './nothing.tsx';
import { EntryLine } from './entry-line.tsx';

/** Every entry that holds all the words, wherever it stands in the record. */
export function FindInRecord({
  patientId,
  asAt,
}: {
  readonly patientId: string;
  readonly asAt: string | null;
}) {
  const [words, setWords] = useState('');
  const typed = useDeferredValue(words.trim());
  const { value, error } = useBagQuery(
    typed.length < 2 ? null : `find ${patientId} ${asAt ?? ''} ${typed}`,
    (bag) => bag.find(patientId, typed, asAt === null ? {} : { asAt }),
  );
  return (
    <div className="stack">
      <TextField
        label="Find in this record"
        hint={value ? `${value.length} entries` : 'Words in any order, codes and values'}
        autoFocus
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
        }}
      />
      {error ? <Empty>{error}</Empty> : null}
      {value?.length === 0 ? (
        <Nothing>No entry here holds “{typed}”. The data on this computer was searched whole.</Nothing>
      ) : null}
      <div className="record-table stack">
        {value?.map((entry) => (
          <EntryLine key={`${entry.source.key} ${entry.source.disputed ?? ''}`} entry={entry} dated />
        ))}
      </div>
    </div>
  );
}
