import { useRef, useState } from 'react';
import { useCommand } from './commands/index.ts';

/**
 * The line that the keys act on: chosen by a person, by arrow or by focus, and never by data that arrive. The first
 * arrow goes to the line that `first` says. The rows stand in `list`, each with a head that takes the focus.
 */
export function useChosenLine<Line>(
  lines: readonly Line[],
  keyOf: (line: Line) => string,
  first: () => Line | undefined = () => lines[0],
) {
  const [key, setKey] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const chosen = lines.find((line) => keyOf(line) === key);
  const choose = (line: Line) => {
    setKey(keyOf(line));
  };
  const move = (by: 1 | -1) => {
    const at = chosen ? lines.indexOf(chosen) + by : -1;
    const to = chosen ? lines[at] : (first() ?? lines[0]);
    if (!to || (chosen && at < 0)) return;
    choose(to);
    const row = list.current?.querySelectorAll('tbody tr')[lines.indexOf(to)];
    row?.querySelector<HTMLElement>('.entry-head')?.focus();
  };
  useCommand({
    id: 'list.line-down',
    title: 'Choose the next line of the list',
    keys: 'ArrowDown',
    group: 'Lists',
    run: () => {
      move(1);
    },
  });
  useCommand({
    id: 'list.line-up',
    title: 'Choose the line before',
    keys: 'ArrowUp',
    group: 'Lists',
    run: () => {
      move(-1);
    },
  });
  return { chosen, list, choose };
}
