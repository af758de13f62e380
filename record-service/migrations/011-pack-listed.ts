import type { Migration } from './migration.ts';

/** Packs say how many appointments and tasks they hold. Those made before did not: they are made again when asked for. */
export const packListed: Migration = {
  number: 11,
  name: 'pack-listed',
  up: `
  truncate pack_cache;
  alter table pack_cache add column listed integer not null;
  `,
};
