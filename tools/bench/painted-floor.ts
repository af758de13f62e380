/**
 * What a painted answer to a key costs at least on this machine: in an empty window of the same runtime a key puts one
 * word into the document, at once, with nothing asked of anybody. It is taken by the same stopwatch as the product's
 * own waiting times, and they are held beside it.
 */
import { rmSync } from 'node:fs';
import { buildEmptyWindow } from './cold-start.ts';
import { openPage } from './electron-page.ts';
import { installStopwatch, timeKey } from './stopwatch.ts';

/** Milliseconds of each turn. */
export async function paintedFloor(turns: number): Promise<readonly number[]> {
  const { page, profile, close } = await openPage(buildEmptyWindow());
  try {
    await installStopwatch(page);
    await page.evaluate(() => {
      addEventListener('keydown', ({ key }) => {
        const word = document.createElement('p');
        word.textContent = `shown ${key}`;
        document.body.replaceChildren(word);
      });
    });
    const times: number[] = [];
    for (let turn = 0; turn < turns + 4; turn += 1) {
      const key = turn % 2 === 0 ? 'a' : 'b';
      const took = await timeKey(page, key, { kind: 'text', text: `shown ${key}` });
      if (turn >= 4) times.push(took);
    }
    return times;
  } finally {
    await close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
