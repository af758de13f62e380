import { useEffect } from 'react';
import type { Settings } from '../../../contract/channels/workspace.ts';
import { host } from '../../host/index.ts';

/** Carries theme and text size from the settings to the page, and follows the system's theme. */
export function Appearance() {
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    let settings: Settings | undefined;
    const show = () => {
      showAppearance(settings?.theme ?? 'system', settings?.textSize ?? 14, dark.matches);
    };
    show();
    void host()
      .call('settings.get')
      .then((answer) => {
        if (answer.ok) settings = answer.value;
        show();
      });
    dark.addEventListener('change', show);
    return () => {
      dark.removeEventListener('change', show);
    };
  }, []);
  return null;
}

/** @param textSize CSS pixels; anything but 14 is set on the page's own style, which the policy allows from script */
export function showAppearance(theme: Settings['theme'], textSize: number, systemIsDark: boolean): void {
  const root = document.documentElement;
  root.dataset['theme'] = theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme;
  root.style.setProperty('--text-size', `${textSize}px`);
  root.style.setProperty('--row', `${Math.max(28, textSize * 2)}px`);
}
