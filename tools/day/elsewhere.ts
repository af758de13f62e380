/** A colleague at the practice, online while the others are not: changes by REST, signed in as themselves. */
import { demoOrganisation } from '../../record-service/seed/demo-practice.ts';
import { signIn } from '../../test/support/sign-in.ts';
import type { Practice } from '../../test/support/practice.ts';
import { DayFailure } from './keyboard.ts';
import type { Resource } from './service-record.ts';

export class Colleague {
  readonly #base: string;
  readonly #token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /** Signs in before the road is cut: the token outlives it. */
  static async arrive(practice: Practice, account: 'nurse' | 'receptionist' | 'gp'): Promise<Colleague> {
    const { accessToken } = await signIn(practice.url, account);
    return new Colleague(`${practice.directUrl}/fhir/R4/${demoOrganisation.odsCode}`, accessToken);
  }

  /** Reads, changes and writes back on the version read. Answers what stands afterwards. */
  async change(key: string, edit: (resource: Resource) => Record<string, unknown>): Promise<Resource> {
    const current = (await this.#ask('GET', key)) as Resource & {
      readonly meta: { readonly versionId: string };
    };
    return (await this.#ask('PUT', key, edit(current), current.meta.versionId)) as Resource;
  }

  async #ask(method: 'GET' | 'PUT', key: string, body?: unknown, version?: string): Promise<unknown> {
    const answer = await fetch(`${this.#base}/${key}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...(version === undefined ? {} : { 'if-match': `W/"${version}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new DayFailure(
        `The colleague's ${method} of a ${key.split('/')[0] ?? ''} was answered ${answer.status}.`,
      );
    return answer.json();
  }
}
