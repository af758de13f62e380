import type { RecordAction } from '../features/record/index.ts';
import { useCommand } from '../ui/commands/index.ts';

/** The keys of an open record for those who may write in it. */
export function ClinicalCommands({
  writable,
  pane,
  wide,
  onPane,
  onWide,
  onAction,
}: {
  readonly writable: boolean;
  readonly pane: 'none' | 'consultation' | 'observations';
  readonly wide: boolean;
  readonly onPane: (pane: 'none' | 'consultation' | 'observations') => void;
  readonly onWide: (wide: boolean) => void;
  readonly onAction: (action: RecordAction) => void;
}) {
  useCommand({
    id: 'record.consult',
    title: 'New consultation',
    keys: 'F4',
    group: 'Record',
    enabled: writable,
    run: () => {
      onPane('consultation');
    },
  });
  useCommand({
    id: 'record.observe',
    title: 'Record observations',
    keys: 'F6',
    group: 'Record',
    enabled: writable,
    run: () => {
      onPane('observations');
    },
  });
  useCommand({
    id: 'record.close-pane',
    title: 'Close the writing pane (the draft is kept)',
    keys: 'Escape',
    group: 'Record',
    enabled: pane !== 'none',
    run: () => {
      onPane('none');
    },
  });
  useCommand({
    id: 'record.widen',
    title: 'Widen or narrow the writing pane',
    keys: 'Alt+W',
    group: 'Record',
    enabled: pane !== 'none',
    run: () => {
      onWide(!wide);
    },
  });
  useCommand({
    id: 'record.allergy',
    title: 'Add an allergy',
    keys: 'Alt+A',
    group: 'Record',
    enabled: writable,
    run: () => {
      onAction({ kind: 'add-allergy' });
    },
  });
  useCommand({
    id: 'record.problem',
    title: 'Add a problem',
    keys: 'Alt+P',
    group: 'Record',
    enabled: writable,
    run: () => {
      onAction({ kind: 'add-problem' });
    },
  });
  useCommand({
    id: 'record.medicine',
    title: 'Record medication taken or given (does not prescribe)',
    keys: 'Alt+M',
    group: 'Record',
    enabled: writable,
    run: () => {
      onAction({ kind: 'add-medication' });
    },
  });
  useCommand({
    id: 'record.task',
    title: 'Add a task or note',
    keys: 'F8',
    group: 'Record',
    enabled: writable,
    run: () => {
      onAction({ kind: 'add-task' });
    },
  });
  return null;
}
