import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** What had the focus before a dialogue was opened, by the dialogue. */
const beforeDialog = new WeakMap<Element, Element | null>();

/**
 * Stands in a dialogue and gives the focus back when that goes: whoever goes on typing writes where they were. The
 * dialogue itself tries once, at the next frame, when the page under it may still be closed to the focus.
 */
export function FocusBack() {
  const mark = useRef<HTMLSpanElement>(null);
  // Asked before anything in the dialogue takes the focus. One dialogue after another goes back to before the first.
  const [before] = useState(() => {
    const dialog = document.activeElement?.closest('[role="dialog"]');
    return dialog ? (beforeDialog.get(dialog) ?? null) : document.activeElement;
  });
  useLayoutEffect(() => {
    const dialog = mark.current?.closest('[role="dialog"]');
    if (dialog) beforeDialog.set(dialog, before);
  }, [before]);
  useEffect(
    () => () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  return <span ref={mark} hidden />;
}
