import type { Migration } from '../migrations/migration.ts';
import { recordRole, sealerRole } from '../migrations/migration.ts';
import type { Engine, EngineConnection } from './engine.ts';

// Any constant: two copies that start together must not both migrate.
const MIGRATION_LOCK = 8_460_001;

/**
 * Brings the schema up to date: missing migrations in order, each in one transaction.
 * @throws Error when the database is newer than this build
 */
export async function migrate(engine: Engine, migrations: readonly Migration[]): Promise<void> {
  await engine.withConnection(async (connection) => {
    await inTransaction(connection, async () => {
      await connection.script(`
        ${roleScript(recordRole)}
        ${roleScript(sealerRole)}
        create table if not exists migration (
          number integer primary key,
          name text not null,
          applied_at timestamptz not null default now()
        );`);
    });
    for (const migration of migrations) {
      await inTransaction(connection, async () => {
        await apply(connection, migration);
      });
    }
    const newest = migrations.at(-1)?.number ?? 0;
    const { rows } = await connection.query<{ number: number; name: string }>(
      'select number, name from migration where number > $1 order by number desc limit 1',
      [newest],
    );
    const ahead = rows[0];
    if (ahead !== undefined) {
      throw new Error(
        `This database was written by a newer record service (migration ${ahead.number}, ${ahead.name}). ` +
          'Nothing was changed. Start that version, or a later one.',
      );
    }
  });
}

async function apply(connection: EngineConnection, migration: Migration): Promise<void> {
  const { rows } = await connection.query('select 1 from migration where number = $1', [migration.number]);
  if (rows.length > 0) return;
  await connection.script(migration.up);
  await connection.query('insert into migration (number, name) values ($1, $2)', [
    migration.number,
    migration.name,
  ]);
}

async function inTransaction(connection: EngineConnection, work: () => Promise<void>): Promise<void> {
  await connection.script(`begin; select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  try {
    await work();
    await connection.script('commit');
  } catch (error) {
    await connection.script('rollback');
    throw error;
  }
}

/** Roles belong to the whole cluster, so another database may be creating the same one at this moment. */
function roleScript(role: string): string {
  return `
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then
        begin
          create role ${role} nologin;
        exception when duplicate_object or unique_violation then null;
        end;
      end if;
      if not pg_has_role(current_user, '${role}', 'member') then
        grant ${role} to current_user;
      end if;
    end $$;`;
}
