import { describe, expect, it } from 'vitest';
import { torturedClock } from '../../../../tools/torture/clock.ts';
import { proxyFaults } from '../../../../tools/torture/faulty-proxy.ts';
import { torturedNetwork } from '../../../../tools/torture/network.ts';

const nothingWrong = { lost: 0, doubled: 0, outOfOrder: 0, untrueStatus: 0, drained: true };

// The long form is `npm run torture -- network` and `npm run torture -- clock`.
describe('the real engine, journal and client against the real service', () => {
  it('L9 L25 L30 Q1 Q9 Q14 Q17: through a line that delays, drops, truncates and answers 413, 429, 500 and portals', async () => {
    const report = await torturedNetwork({ seed: 11, saves: 20 });
    expect(report).toMatchObject({ ...nothingWrong, saves: 20 });
    expect(Object.keys(report.faults).sort()).toEqual([...proxyFaults].sort());
  });

  it('M14: with a clock that jumps by hours, days and a year, and backwards', async () => {
    expect(await torturedClock(12, 16)).toMatchObject({ ...nothingWrong, saves: 16 });
  });
});
