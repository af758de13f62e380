const CONTROLS = 'input:enabled, select:enabled, textarea:enabled, button:enabled';

/** The control after this one in its form takes the focus: Enter moves on in boxes. */
export function moveOn(from: HTMLElement): void {
  const controls = [...(from.closest('form')?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
  controls[controls.indexOf(from) + 1]?.focus();
}
