import type { Kysely } from 'kysely';
import type { Actor } from '../identity/actor.ts';
import { databaseOver } from './connection-database.ts';
import type { EngineConnection } from './engine.ts';
import { readFeed } from './feed.ts';
import type {
  FeedPage,
  RecordReader,
  ResourceRef,
  StoredVersion,
  TransactionContext,
} from './record-store.ts';
import type { Tables } from './tables.ts';
import { readCurrent, versionColumns, versionOf, type VersionRow } from './version-rows.ts';

export class ConnectionReader implements RecordReader {
  readonly organisation: string;
  readonly actor: Actor;
  protected readonly connection: EngineConnection;
  #database: Kysely<Tables> | undefined;

  constructor(connection: EngineConnection, context: TransactionContext) {
    this.connection = connection;
    this.organisation = context.organisation;
    this.actor = context.actor;
  }

  get database(): Kysely<Tables> {
    this.#database ??= databaseOver(this.connection);
    return this.#database;
  }

  async query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.connection.query<Row>(text, parameters)).rows;
  }

  async read(type: string, id: string): Promise<StoredVersion | undefined> {
    return (await readCurrent(this.connection, this.organisation, [{ type, id }]))[0];
  }

  readMany(refs: readonly ResourceRef[]): Promise<StoredVersion[]> {
    return readCurrent(this.connection, this.organisation, refs);
  }

  async readVersion(type: string, id: string, version: number): Promise<StoredVersion | undefined> {
    const { rows } = await this.connection.query<VersionRow>(
      `select ${versionColumns} from resource
         where organisation = $1 and type = $2 and id = $3 and version = $4
       union all
       select ${versionColumns} from resource_version
         where organisation = $1 and type = $2 and id = $3 and version = $4`,
      [this.organisation, type, id, version],
    );
    return rows[0] && versionOf(rows[0]);
  }

  async readHistory(type: string, id: string): Promise<StoredVersion[]> {
    const { rows } = await this.connection.query<VersionRow>(
      `select ${versionColumns} from resource where organisation = $1 and type = $2 and id = $3
       union all
       select ${versionColumns} from resource_version where organisation = $1 and type = $2 and id = $3
       order by version desc`,
      [this.organisation, type, id],
    );
    return rows.map(versionOf);
  }

  async readCompartment(patientId: string): Promise<StoredVersion[]> {
    const { rows } = await this.connection.query<VersionRow>(
      `select ${versionColumns} from resource
       where organisation = $1 and patient_id = $2 and not deleted
       order by type <> 'Patient', type, id`,
      [this.organisation, patientId],
    );
    return rows.map(versionOf);
  }

  async head(): Promise<number> {
    const { rows } = await this.connection.query<{ position: number }>(
      'select position from organisation_counter where organisation = $1',
      [this.organisation],
    );
    return rows[0]?.position ?? 0;
  }

  readFeed(after: number, count: number): Promise<FeedPage> {
    return readFeed(this.connection, this.organisation, after, count);
  }
}
