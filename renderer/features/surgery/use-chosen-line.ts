import { useRef, useState } from 'react';
import type { AgendaLine } from '../../cache/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { nextVisit } from './visit-order.ts';

/**
 * The line that the keys act on: chosen by a person, by arrow or by focus, and never by data that arrive. The first
 * arrow goes to whoever is next.
 */
export function useChosenLine(lines: readonly AgendaLine[]) {
  const [key, setKey] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = lines.find((line) => line.appointment.source.key === key);
  const choose = (line: AgendaLine) => {
    setKey(line.appointment.source.key);
  };
  const move = (by: 1 | -1) => {
    const at = chosen ? lines.indexOf(chosen) + by : -1;
    const to = chosen ? lines[at] : (nextVisit(lines, null) ?? lines[0]);
    if (!to || (chosen && at < 0)) return;
    choose(to);
    const row = list.current?.querySelectorAll('tbody tr')[lines.indexOf(to)];
    row?.querySelector<HTMLElement>('.surgery-name')?.focus();
  };
  useCommand({
    id: 'surgery.line-down',
    title: 'Choose the next visit of the list',
    keys: 'ArrowDown',
    group: 'Surgery',
    run: () => {
      move(1);
    },
  });
  useCommand({
    id: 'surgery.line-up',
    title: 'Choose the visit before',
    keys: 'ArrowUp',
    group: 'Surgery',
    run: () => {
      move(-1);
    },
  });
  return { chosen, list, choose };
}
