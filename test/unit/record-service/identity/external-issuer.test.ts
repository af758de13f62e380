import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExternalIssuer } from '../../../../record-service/identity/external-issuer.ts';

describe('settings of another identity provider', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gladstone-issuer-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const read = (settings: object) => {
    const path = join(folder, 'issuer.json');
    writeFileSync(path, JSON.stringify(settings));
    return readExternalIssuer(path);
  };
  const settings = { issuer: 'https://id.example.nhs.uk', audience: 'record', clientId: 'gladstone' };

  it('names issuer, audience, client, and how its roles and claims are called', () => {
    expect(read({ ...settings, claims: { role: 'job_role' }, roleNames: { R8000: 'gp' } })).toMatchObject({
      issuer: 'https://id.example.nhs.uk',
      claims: { role: 'job_role' },
      roleNames: { R8000: 'gp' },
    });
  });

  it('makes nobody the service itself', () => {
    expect(() => read({ ...settings, roleNames: { anyone: 'system' } })).toThrow('roleNames.anyone');
  });

  it('says where it is wrong', () => {
    expect(() => read({ ...settings, audience: 1 })).toThrow('audience');
  });
});
