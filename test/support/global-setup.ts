import { buildApp } from '../../tools/build.ts';
import { ownDisplay } from '../../tools/electron-launch.ts';

/** Builds the test flavour once, and opens a display where there is none (or where it would be closed to Electron). */
export async function prepare(): Promise<() => void> {
  await buildApp('test');
  if (process.platform !== 'linux') return () => undefined;
  const display = await ownDisplay();
  process.env['DISPLAY'] = display.name;
  return () => {
    display.stop();
  };
}

// Playwright takes the default export of this file.
export { prepare as default };
