import { writeFileSync } from 'node:fs';
import { decidedAccess, renderAccessTable } from './access-table/table.ts';

/** Writes docs/access-table.md from the rules. The test that tries every cell says whether the rules are kept. */
const page = new URL('../docs/access-table.md', import.meta.url);
writeFileSync(page, renderAccessTable(decidedAccess));
