import { useState, type KeyboardEvent } from 'react';

/**
 * Arrow keys over a list of options while the focus stays in the box; `index` is the highlighted one: an arrow before
 * the list is there leaves the first of it highlighted.
 */
export function useOptionKeys(count: number, choose: (index: number) => void) {
  const [wanted, setIndex] = useState(0);
  const index = Math.min(wanted, Math.max(count - 1, 0));
  const onKeyDown = (event: KeyboardEvent): boolean => {
    switch (event.key) {
      case 'ArrowDown':
        setIndex(Math.max(Math.min(index + 1, count - 1), 0));
        break;
      case 'ArrowUp':
        setIndex(Math.max(index - 1, 0));
        break;
      case 'PageDown':
        setIndex(Math.max(Math.min(index + 10, count - 1), 0));
        break;
      case 'PageUp':
        setIndex(Math.max(index - 10, 0));
        break;
      case 'Enter':
        if (count === 0) return false;
        choose(index);
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  return { index, setIndex, onKeyDown };
}
