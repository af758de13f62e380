import { useEffect, useRef, useState, type ReactNode } from 'react';
import { HEADING_KEYS } from '../../../domain/clinical/consultation-headings.ts';
import { newId } from '../saving/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { emptyLine, withProblemToggled, type ConsultationNote, type NoteLine } from './note.ts';
import { NoteLineBox } from './note-line.tsx';

/** The flowing note: only used headings show; Enter is a new line; a letter and a space begin a heading. */
export function NoteEditor({
  note,
  beside,
  startAt,
  onChange,
}: {
  readonly note: ConsultationNote;
  /** What a line's words call for, under it. */
  readonly beside?: (line: NoteLine) => ReactNode;
  /** The line where the person was. */
  readonly startAt?: string | undefined;
  readonly onChange: (note: ConsultationNote) => void;
}) {
  const [start] = useState(startAt);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    box.current?.querySelector<HTMLElement>(`[data-note-line="${wanted.current}"]`)?.focus();
    wanted.current = null;
  });
  useEffect(() => {
    // Words are typed at once: the last line takes the focus when the consultation opens.
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-note-line]') ?? [])];
    (all.find((one) => one.dataset['noteLine'] === start) ?? all.at(-1))?.focus();
  }, [start]);
  const { lines } = note;
  const put = (next: readonly NoteLine[]) => {
    onChange({ ...note, lines: next });
  };
  useCommand({
    id: 'consultation.problem-list',
    title: 'The coded line to the problem list, or off it',
    keys: 'Ctrl+B',
    group: 'Consultation',
    run: () => {
      const row = document.activeElement?.closest('.note-line');
      const id = row?.querySelector<HTMLElement>('[data-note-line]')?.dataset['noteLine'];
      put(lines.map((one) => (one.id === id ? withProblemToggled(one) : one)));
    },
  });
  const actionsOf = (line: NoteLine, at: number) => ({
    change: (changed: NoteLine) => {
      put(lines.map((one) => (one.id === line.id ? changed : one)));
    },
    split: () => {
      const next = emptyLine(newId(), line.heading);
      wanted.current = next.id;
      put([...lines.slice(0, at + 1), next, ...lines.slice(at + 1)]);
    },
    remove: () => {
      const before = lines[at - 1];
      if (!before) return;
      wanted.current = before.id;
      put(lines.filter((one) => one.id !== line.id));
    },
    move: (by: 1 | -1) => {
      const to = lines[at + by];
      if (to) box.current?.querySelector<HTMLElement>(`[data-note-line="${to.id}"]`)?.focus();
    },
  });
  return (
    <div className="note" ref={box}>
      {lines.map((line, at) => (
        <div key={line.id} className="note-row">
          <span className="note-heading">{lines[at - 1]?.heading === line.heading ? '' : line.heading}</span>
          <div>
            <NoteLineBox line={line} actions={actionsOf(line, at)} />
            {beside?.(line)}
          </div>
        </div>
      ))}
      <p className="note-keys quiet small">
        {Object.entries(HEADING_KEYS).map(([key, heading]) => (
          <span key={key} className="nowrap">
            <kbd>{key}␣</kbd> {heading}
          </span>
        ))}
        <span className="nowrap">
          <kbd>Esc</kbd> right after: the letters were a word
        </span>
      </p>
    </div>
  );
}
