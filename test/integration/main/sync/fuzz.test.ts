import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../../tools/fuzz/play.ts';
import { plantedBugs } from '../../../../tools/fuzz/planted-bugs.ts';

// The long form is `npm run fuzz -- --runs 10000`; this one runs with every change.
// Rows of sync-bugs.md that these schedules play: L3 L5 L9 L11 L14 L16 L18 L22 L23 L24 L25 L26 D5 Q1 Q2 Q5 Q17 M6 M8 M9 M13 M14 S9.
describe('schedules of several computers, people, cut lines and kills', () => {
  it('150 schedules keep I1 to I16: L3 L5 L9 L11 L14 L16 L18 L22 L23 L24 L25 L26 D5 Q1 Q2 Q17 M6 M8 M9 M13 M14', async () => {
    const found = await fuzz({ runs: 150, seed: 20_261, plant: null, shrink: false });
    expect(found).toBeNull();
  });

  it.each(plantedBugs)('finds the planted bug %s', async (plant) => {
    const found = await fuzz({ runs: 1_000, seed: 7, plant, shrink: false });
    expect(found).not.toBeNull();
  });
});
