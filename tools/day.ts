/**
 * The main job as one command without a person.
 *
 *   npm run day -- --records ../shared/data/gp-records [--out DIR] [--patients N] [--embedded]
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from './build.ts';
import { ownDisplay } from './electron-launch.ts';
import { DayFailure } from './day/keyboard.ts';
import { dayReportText } from './day/report.ts';
import { runDay } from './day/run-day.ts';

const USAGE = `npm run day -- [--records DIR] [--out DIR] [--patients N] [--embedded]

Imports the records in DIR (GP Connect, JSON), books them today, signs in as GP, nurse and locum in real Electron,
fills the bag, cuts the network, works, kills the program twice, changes one record elsewhere meanwhile, reconnects,
and compares service and screens with what was entered. Ends with 1 on any difference.

  --records DIR   the records; synthetic patients only without it
  --out DIR       report.txt, report.json, import.json and pictures (.gladstone/day)
  --patients N    patients at least, made up with synthetic ones (4)
  --embedded      the service's embedded engine instead of PostgreSQL`;

const { values } = parseArgs({
  options: {
    records: { type: 'string' },
    out: { type: 'string', default: '.gladstone/day' },
    patients: { type: 'string', default: '4' },
    embedded: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const patients = Number(values.patients);
const began = performance.now();
const say = (line: string): void => {
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`);
};

if (values.help || !Number.isInteger(patients) || patients < 1) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else if (values.records !== undefined && !existsSync(values.records)) {
  console.error(`There is no folder ${values.records}. Nothing was started.`);
  process.exitCode = 2;
} else {
  await buildApp('test');
  const display = process.platform === 'linux' ? await ownDisplay() : undefined;
  if (display) process.env['DISPLAY'] = display.name;
  try {
    const report = await runDay({
      ...(values.records === undefined ? {} : { records: values.records }),
      patients,
      engine: values.embedded ? 'embedded' : 'postgresql',
      out: values.out,
      say,
    });
    const text = dayReportText(report);
    console.log(text);
    writeFileSync(join(values.out, 'report.txt'), `${text.trim()}\n`);
    writeFileSync(join(values.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    process.exitCode = report.passed ? 0 : 1;
  } catch (error) {
    if (!(error instanceof DayFailure)) console.error(error);
    else console.error(`✗ ${error.message} The screens of that moment are in ${values.out}.`);
    process.exitCode = 1;
  } finally {
    display?.stop();
  }
}
