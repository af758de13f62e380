/** `npm run plain-text`: a day's work in real Electron, then every file of it searched for what must be sealed. */
import { runEndToEnd } from '../end-to-end.ts';

const isClean = await runEndToEnd('test/e2e/failures/plain-text.spec.ts', {
  GLADSTONE_PLAIN_TEXT_PATIENTS: process.argv[2] ?? '40',
});
process.exit(isClean ? 0 : 1);
