import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { IdentityDatabase } from './identity-tables.ts';

/** Models that a grant owns: revoking the grant takes them all. */
const owned = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/**
 * Where the identity provider keeps sessions, codes and refresh tokens: in the database, so that every copy of the
 * service knows them and a restart signs nobody out.
 */
export function oidcArtifacts(database: IdentityDatabase, now: () => Date): (model: string) => Adapter {
  return (model) => {
    const find = async (column: 'id' | 'uid' | 'user_code', value: string) => {
      const row = await database((tables) =>
        tables
          .selectFrom('oidc_artifact')
          .select(['payload', 'expires_at'])
          .where('model', '=', model)
          .where(column, '=', value)
          .executeTakeFirst(),
      );
      if (row === undefined) return undefined;
      if (row.expires_at !== null && row.expires_at.getTime() <= now().getTime()) return undefined;
      return JSON.parse(row.payload) as AdapterPayload;
    };

    return {
      find: (id) => find('id', id),
      findByUid: (uid) => find('uid', uid),
      findByUserCode: (userCode) => find('user_code', userCode),

      async upsert(id, payload, expiresIn) {
        const values = {
          payload: JSON.stringify(payload),
          grant_id: owned.has(model) ? (payload.grantId ?? null) : null,
          uid: payload.uid ?? null,
          user_code: payload.userCode ?? null,
          expires_at: expiresIn === undefined ? null : new Date(now().getTime() + expiresIn * 1_000),
        };
        await database(async (tables) => {
          await tables.deleteFrom('oidc_artifact').where('expires_at', '<', now()).execute();
          await tables
            .insertInto('oidc_artifact')
            .values({ model, id, ...values })
            .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(values))
            .execute();
        });
      },

      async consume(id) {
        await database(async (tables) => {
          const row = await tables
            .selectFrom('oidc_artifact')
            .select('payload')
            .where('model', '=', model)
            .where('id', '=', id)
            .forUpdate()
            .executeTakeFirst();
          if (row === undefined) return;
          const payload = JSON.parse(row.payload) as AdapterPayload;
          await tables
            .updateTable('oidc_artifact')
            .set({ payload: JSON.stringify({ ...payload, consumed: Math.floor(now().getTime() / 1_000) }) })
            .where('model', '=', model)
            .where('id', '=', id)
            .execute();
        });
      },

      async destroy(id) {
        await database((tables) =>
          tables.deleteFrom('oidc_artifact').where('model', '=', model).where('id', '=', id).execute(),
        );
      },

      async revokeByGrantId(grantId) {
        await database((tables) =>
          tables.deleteFrom('oidc_artifact').where('grant_id', '=', grantId).execute(),
        );
      },
    };
  };
}
