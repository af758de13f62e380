import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { roles } from '../../domain/sync/operation.ts';
import type { ExternalIssuer } from './identity.ts';

const claim = v.exactOptional(v.pipe(v.string(), v.minLength(1)));

/** Nobody becomes `system` by another issuer's word. */
const externalIssuerSchema = v.strictObject({
  issuer: v.pipe(v.string(), v.url()),
  audience: v.string(),
  clientId: v.string(),
  claims: v.exactOptional(
    v.strictObject({
      name: claim,
      organisation: claim,
      role: claim,
      practitionerId: claim,
      roleExpires: claim,
    }),
  ),
  roleNames: v.exactOptional(v.record(v.string(), v.picklist(roles))),
});

/**
 * Reads which identity provider to trust, e.g. NHS Care Identity Service 2, from a JSON file.
 * @throws Error that names the element which is missing or wrong
 */
export function readExternalIssuer(path: string): ExternalIssuer {
  const parsed = v.safeParse(externalIssuerSchema, JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.output;
  throw new Error(
    `The identity provider's settings in ${path} are wrong at ${v.getDotPath(parsed.issues[0]) ?? 'the top'}.`,
  );
}
