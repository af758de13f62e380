import { describe, expect, it } from 'vitest';
import { RecordClient } from '../../../../../main/services/record-client/record-client.ts';
import { success } from '../../../../../domain/result.ts';

function clientOf(answer: () => Response | Promise<Response>, refused: string[] = []): RecordClient {
  let token = 0;
  return new RecordClient({
    fetch: () => Promise.resolve().then(answer),
    syncBase: 'https://record.example/sync/A99999',
    deviceId: () => 'device',
    tokens: {
      current: () => Promise.resolve(success(`token-${(token += 1)}`)),
      refused: (spent) => refused.push(spent),
    },
  });
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const html = (status: number): Response =>
  new Response('<html>Welcome to the hotel</html>', { status, headers: { 'content-type': 'text/html' } });
const probe = { epoch: 'e', head: 1, time: '2026-11-22T10:00:00Z', durableThrough: null, orders: [] };

function packStream(packs: readonly (readonly [string, string])[], cut = Infinity, chunk = 7): Response {
  const parts = packs.flatMap(([patientId, body]) => {
    const header = Buffer.from(JSON.stringify({ patientId, validAt: 1, resources: 1, digest: '' }));
    const lengths = [header.length, body.length].map((length) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(length);
      return bytes;
    });
    return [lengths[0] ?? Buffer.alloc(0), header, lengths[1] ?? Buffer.alloc(0), Buffer.from(body)];
  });
  const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part))).subarray(0, cut);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunk)
        controller.enqueue(Uint8Array.from(bytes.subarray(at, at + chunk)));
      controller.close();
    },
  });
  return new Response(stream, { headers: { 'content-type': 'application/vnd.gladstone.packs' } });
}

describe('answers', () => {
  it('Q9: a page of the network is not the record service, whatever its status', async () => {
    for (const status of [200, 403, 404]) {
      expect(await clientOf(() => html(status)).probe()).toEqual({
        ok: false,
        error: { kind: 'foreign-answer' },
      });
    }
    const wrongShape = await clientOf(() => json(200, { hello: 'world' })).probe();
    expect(wrongShape).toEqual({ ok: false, error: { kind: 'foreign-answer' } });
  });

  it('a gateway may speak for the service: 413 and 429 keep their meaning without JSON', async () => {
    expect(await clientOf(() => html(413)).probe()).toMatchObject({ error: { kind: 'status', status: 413 } });
    const busy = clientOf(() => json(429, { code: 'busy', message: 'Wait.' }, { 'retry-after': '7' }));
    expect(await busy.probe()).toMatchObject({ error: { status: 429, code: 'busy', retryAfterMs: 7_000 } });
  });

  it('no answer is unreachable, half an answer is truncated', async () => {
    const nobody = clientOf(() => {
      throw new TypeError('fetch failed');
    });
    expect(await nobody.probe()).toEqual({ ok: false, error: { kind: 'unreachable' } });
    const half = clientOf(
      () => new Response('{"epoch":"e","he', { headers: { 'content-type': 'application/json' } }),
    );
    expect(await half.probe()).toEqual({ ok: false, error: { kind: 'truncated' } });
  });

  it('a refused token is renewed once, and never more', async () => {
    const refused: string[] = [];
    let asked = 0;
    const client = clientOf(() => {
      asked += 1;
      return json(401, { code: 'unauthenticated', message: 'Sign in.' });
    }, refused);
    expect(await client.probe()).toMatchObject({ error: { status: 401 } });
    expect([asked, refused]).toEqual([2, ['token-1', 'token-2']]);
    let first = true;
    const renewed = clientOf(() => {
      const answer = first ? json(401, { code: 'unauthenticated', message: '' }) : json(200, probe);
      first = false;
      return answer;
    });
    expect(await renewed.probe()).toMatchObject({ ok: true });
  });
});

describe('packs', () => {
  const request = { epoch: 'e', patients: ['a', 'b'], notBefore: 0 };

  it.each([1, 7, 4_096])('are handed over whole, in chunks of %i bytes', async (chunk) => {
    const got: [string, string][] = [];
    const answer = await clientOf(() =>
      packStream(
        [
          ['a', 'body of a'],
          ['b', ''],
        ],
        Infinity,
        chunk,
      ),
    ).packs(request, ({ header, body }) => {
      got.push([header.patientId, Buffer.from(body).toString()]);
      return Promise.resolve();
    });
    expect(answer.ok).toBe(true);
    expect(got).toEqual([
      ['a', 'body of a'],
      ['b', ''],
    ]);
  });

  it('that break off are truncated, and those before stay received', async () => {
    const whole = (
      await packStream([
        ['a', 'one'],
        ['b', 'two'],
      ]).arrayBuffer()
    ).byteLength;
    for (let cut = 1; cut < whole; cut += 1) {
      const got: string[] = [];
      const answer = await clientOf(() =>
        packStream(
          [
            ['a', 'one'],
            ['b', 'two'],
          ],
          cut,
        ),
      ).packs(request, ({ header }) => {
        got.push(header.patientId);
        return Promise.resolve();
      });
      const atBoundary = answer.ok;
      expect(got).toEqual(cut >= whole / 2 ? ['a'] : []);
      expect(atBoundary).toBe(cut === whole / 2);
    }
  });
});
