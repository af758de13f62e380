import type { ReactNode } from 'react';
import { Empty, type useChosenLine } from '../../ui/index.ts';
import { useMay } from '../session/index.ts';
import type { RoundLine } from './round-lines.ts';
import { RoundRow } from './round-row.tsx';

/** The picked patients in the order in which one walks them; the same table is the round on paper. */
export function RoundList({
  lines,
  now,
  paperHead,
  choice: { chosen, list, choose },
  onOpen,
}: {
  readonly lines: readonly RoundLine[];
  readonly now: string;
  /** Repeated at the head of every printed page. */
  readonly paperHead: ReactNode;
  readonly choice: ReturnType<typeof useChosenLine<RoundLine>>;
  readonly onOpen: (patientId: string) => void;
}) {
  const clinical = useMay()('view-clinical');
  if (lines.length === 0)
    return (
      <div className="round-list">
        <Empty>
          <strong>Nobody is on this round yet.</strong> Type a street, a home or a name at the left, or tick
          who is booked: every line here will then say whether the record and its documents are on this
          computer. The round is kept, sealed, until you begin a new one.
        </Empty>
      </div>
    );
  return (
    <div className="scroll round-list" tabIndex={0} role="group" aria-label="The round" ref={list}>
      <table className="round-table">
        <thead>
          <tr className="round-paper-head">
            <th colSpan={clinical ? 5 : 3}>{paperHead}</th>
          </tr>
          <tr>
            <th scope="col">Patient</th>
            <th scope="col" className="round-address">
              Address
            </th>
            {clinical ? (
              <th scope="col" className="round-care">
                Take care
              </th>
            ) : null}
            <th scope="col" className="round-copy">
              Record
            </th>
            {clinical ? (
              <th scope="col" className="round-documents">
                Documents
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <RoundRow
              key={line.patientId}
              line={line}
              now={now}
              clinical={clinical}
              chosen={line === chosen}
              onChosen={() => {
                choose(line);
              }}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
