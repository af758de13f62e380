/**
 * Every screen and state of the workspace as PNG, in both sizes and both themes, and what axe finds on it:
 *
 *   npm run screens -- --out DIR [--only NAME] [--quick]
 *   npm run screens -- --for docs/user-guide.md        the pictures that a page shows, where it looks for them
 *
 * The product's page and cache worker in real Electron; main is played by the tests' harness, so that states such as a
 * full disk need no full disk. Ends with 1 where a place could not be reached or axe found something.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWorkspaceHarness, openWorkspaceWindow } from '../../test/support/workspace-window.ts';
import { dayInEngland, midMorning } from '../../test/support/day.ts';
import { workspaceFixture } from '../../test/support/workspace-harness/fixture-data.ts';
import { brokenRules } from '../../test/support/workspace.ts';
import { ownDisplay } from '../electron-launch.ts';
import { places } from './places.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.gladstone/screens' },
    only: { type: 'string' },
    for: { type: 'string' },
    /** One size and one theme. */
    quick: { type: 'boolean', default: false },
  },
});

/** Picture by the place it shows. */
const shown = values.for === undefined ? null : picturesOf(resolve(values.for));
const one = values.quick || shown !== null;
const sizes = one
  ? ([[1366, 768]] as const)
  : ([
      [1366, 768],
      [1920, 1080],
    ] as const);
const themes = one ? (['light'] as const) : (['light', 'dark'] as const);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const wanted = places.filter(({ name }) =>
  shown === null ? name.includes(values.only ?? '') : shown.has(name),
);

function picturesOf(file: string): ReadonlyMap<string, string> {
  const pictures = readFileSync(file, 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+\/([\w-]+)\.png)\)/g);
  return new Map([...pictures].map(([, path = '', name = '']) => [name, resolve(dirname(file), path)]));
}

function pictureFile(name: string, width: number, height: number, theme: string): string {
  return shown?.get(name) ?? join(out, `${name}.${width}x${height}.${theme}.png`);
}

const display = await ownDisplay();
process.env['DISPLAY'] = display.name;
let faults = 0;
let written = 0;
try {
  const terminology = readFileSync(
    resolve(import.meta.dirname, '../../assets/terminology/snomed.txt'),
    'utf8',
  );
  const now = midMorning(dayInEngland());
  const fixture = { ...workspaceFixture({ patients: 40, now }), terminology };
  const { page: screen, resize, close } = await openWorkspaceWindow(await buildWorkspaceHarness(), fixture);
  screen.setDefaultTimeout(10_000);
  for (const place of wanted) {
    for (const theme of themes) {
      await screen.reload();
      try {
        await screen.locator('.surgery tbody tr').first().waitFor();
        await screen.evaluate((wanted) => {
          document.documentElement.dataset['theme'] = wanted;
        }, theme);
        await place.go(screen);
        for (const [width, height] of sizes) {
          await resize(width, height);
          await screen.evaluate(() => new Promise((settle) => requestAnimationFrame(settle)));
          await screen.screenshot({ path: pictureFile(place.name, width, height, theme) });
          written += 1;
        }
        const broken = await brokenRules(screen);
        faults += broken.length;
        console.log(`${broken.length === 0 ? '✓' : '✗'} ${place.name} (${theme}) ${broken.join('; ')}`);
      } catch (error) {
        faults += 1;
        const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        console.log(`✗ ${place.name} (${theme}) could not be reached: ${words}`);
        await screen.screenshot({ path: join(out, `${place.name}.${theme}.not-reached.png`) });
      }
    }
  }
  await close();
} finally {
  display.stop();
}
console.log(`${written} pictures of ${wanted.length} places, ${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
