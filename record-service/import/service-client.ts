import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  DeviceOrder,
  EnrolledDevice,
  Probe,
  RevokeDeviceRequest,
} from '../../contract/record-service.ts';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import { systemSecretPath } from '../identity/system-secret.ts';
import type { LoadResult } from './load-resources.ts';

export interface ServiceAddress {
  /** e.g. `http://127.0.0.1:8460` */
  readonly url: string;
  readonly organisation: string;
  /** The service's data folder, where the system client's secret lies. */
  readonly dataFolder: string;
}

export interface BulkOverview {
  readonly epoch: string;
  readonly position: number;
  readonly types: readonly { readonly type: string; readonly count: number }[];
}

/** A failure in words for the person at the terminal: what happened, what was saved, what to do. */
export class ServiceFailure extends Error {
  readonly faults: readonly string[];

  constructor(message: string, faults: readonly string[] = []) {
    super(message);
    this.name = 'ServiceFailure';
    this.faults = faults;
  }
}

/** Bytes of one request at most: well below the service's limit. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_RESOURCES = 1500;

/** Talks to a running record service as its system client. */
export class ServiceClient {
  readonly #address: ServiceAddress;
  #token: { readonly value: string; readonly until: number } | undefined;

  constructor(address: ServiceAddress) {
    this.#address = address;
  }

  /** Loads resources in as few transactions as fit, in the order given; each request is all or none. */
  async load(resources: Iterable<unknown>, onProgress?: (loaded: number) => void): Promise<LoadResult> {
    let total: LoadResult = { created: 0, updated: 0, unchanged: 0, changedHere: [], deletedHere: [] };
    let lines: string[] = [];
    let bytes = 0;
    let loaded = 0;
    const send = async (): Promise<void> => {
      if (lines.length === 0) return;
      const body = lines.join('\n');
      const count = lines.length;
      lines = [];
      bytes = 0;
      total = addUp(total, await this.#load(body, loaded));
      loaded += count;
      onProgress?.(loaded);
    };
    for (const resource of resources) {
      const line = stringifyExact(resource);
      const size = Buffer.byteLength(line);
      if (bytes + size > MOST_BYTES || lines.length >= MOST_RESOURCES) await send();
      lines.push(line);
      bytes += size;
    }
    await send();
    return total;
  }

  async overview(): Promise<BulkOverview> {
    return (await (await this.#request('GET', this.#bulk)).json()) as BulkOverview;
  }

  async devices(): Promise<readonly EnrolledDevice[]> {
    const response = await this.#request('GET', `/sync/${this.#address.organisation}/devices`);
    return ((await response.json()) as { readonly devices: readonly EnrolledDevice[] }).devices;
  }

  async revokeDevice(deviceId: string, request: RevokeDeviceRequest): Promise<readonly DeviceOrder[]> {
    const path = `/sync/${this.#address.organisation}/devices/${encodeURIComponent(deviceId)}/revoke`;
    const response = await this.#request('POST', path, {
      type: 'application/json',
      text: JSON.stringify(request),
    });
    return ((await response.json()) as { readonly orders: readonly DeviceOrder[] }).orders;
  }

  /** Where the feed stands and how far the last backup reaches. */
  async probe(): Promise<Probe> {
    return (await (await this.#request('GET', `/sync/${this.#address.organisation}/probe`)).json()) as Probe;
  }

  /** Every current resource of a type, as stored, a page of lines at a time. */
  async *pages(type: string): AsyncGenerator<readonly string[]> {
    let after = '';
    for (;;) {
      const response = await this.#request('GET', `${this.#bulk}/${type}?after=${encodeURIComponent(after)}`);
      const text = await response.text();
      yield text.split('\n').filter((line) => line !== '');
      const next = response.headers.get('x-next-after');
      if (next === null) return;
      after = next;
    }
  }

  get #bulk(): string {
    return `/bulk/${this.#address.organisation}`;
  }

  async #load(text: string, before: number): Promise<LoadResult> {
    const kept = ` ${before} resources before these were saved; running it again goes on from there.`;
    const response = await this.#request('POST', this.#bulk, { type: 'application/fhir+ndjson', text }, kept);
    return (await response.json()) as LoadResult;
  }

  async #request(
    method: 'GET' | 'POST',
    path: string,
    body?: { readonly type: string; readonly text: string },
    kept = '',
  ): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const authorization = `Bearer ${await this.#signIn()}`;
      const response = await this.#fetch(`${this.#address.url}${path}`, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': body.type }) },
        ...(body !== undefined && { body: body.text }),
      });
      if (response.ok) return response;
      if (response.status === 429 && attempt < 10) {
        await delay(1000 * Number(response.headers.get('retry-after') ?? 1));
        continue;
      }
      const answer = (await response.json().catch(() => ({}))) as {
        message?: string;
        faults?: readonly string[];
      };
      throw new ServiceFailure(
        `The record service refused (${response.status}): ${answer.message ?? response.statusText}${kept}`,
        answer.faults ?? [],
      );
    }
  }

  async #signIn(): Promise<string> {
    if (this.#token && this.#token.until > performance.now()) return this.#token.value;
    const { url, dataFolder } = this.#address;
    let secret: string;
    try {
      secret = (await readFile(systemSecretPath(dataFolder), 'utf8')).trim();
    } catch {
      throw new ServiceFailure(
        `The system client's secret is not in ${dataFolder}. Start the service first (npm run service), or name its data folder with --data-dir.`,
      );
    }
    const response = await this.#fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`gladstone-system:${encodeURIComponent(secret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    if (!response.ok) {
      throw new ServiceFailure(
        `The record service did not accept the system client (${response.status}). Is ${dataFolder} the data folder of the service at this address? Nothing was saved.`,
      );
    }
    const { access_token, expires_in } = (await response.json()) as {
      access_token: string;
      expires_in?: number;
    };
    this.#token = { value: access_token, until: performance.now() + ((expires_in ?? 60) - 30) * 1000 };
    return access_token;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch {
      throw new ServiceFailure(
        `No record service answers at ${this.#address.url}. Start it with "npm run service", or name another with --service URL. Nothing further was saved.`,
      );
    }
  }
}

export function addUp(left: LoadResult, right: LoadResult): LoadResult {
  return {
    created: left.created + right.created,
    updated: left.updated + right.updated,
    unchanged: left.unchanged + right.unchanged,
    changedHere: [...left.changedHere, ...right.changedHere],
    deletedHere: [...left.deletedHere, ...right.deletedHere],
  };
}
