import { record } from './001-record.ts';
import { audit } from './002-audit.ts';
import { sync } from './010-sync.ts';
import { packListed } from './011-pack-listed.ts';
import { scope } from './012-scope.ts';
import { identity } from './020-identity.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. A new one is added at its place and nowhere else. */
export const migrations: readonly Migration[] = [record, audit, sync, packListed, scope, identity];
