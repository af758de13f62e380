/** A key as written for people: `Ctrl+K`, `Alt+1`, `F2`, `Ctrl+Enter`. */
export function keysOf(event: {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): string {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const name = digit ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    // Shift says nothing more where it already made another character, like `?`.
    event.shiftKey && (event.key.length > 1 || /^[A-Z]$/.test(name)) ? 'Shift' : '',
    name,
  ];
  return parts.filter((part) => part !== '').join('+');
}
