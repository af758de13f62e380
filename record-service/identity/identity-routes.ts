import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { activitiesOf } from './activities.ts';
import type { Actor } from './actor.ts';
import { messagePage, pageHeaders, signInPage, type SignInPage } from './sign-in-page.ts';
import type { SignInAccount, SignInAccounts, SignInResult } from './sign-in-accounts.ts';

export interface IdentityRoutesOptions {
  /** Made at the first request, when the service knows its own address. */
  readonly provider: () => Provider;
  readonly accounts: SignInAccounts;
  readonly demonstration: SignInPage['demonstration'];
  /** In whose name an attempt on an account that does not exist is recorded. */
  readonly nobody: Actor;
  /** Records an attempt in the organisation's audit. */
  readonly audit: (actor: Actor, entry: AuditEntry) => Promise<void>;
}

const PREFIX = '/oidc';
const FORM_LIMIT = 4_096;

/** The embedded identity provider under `/oidc`, with its own sign-in page. */
export async function identityRoutes(app: FastifyInstance, options: IdentityRoutesOptions): Promise<void> {
  await app.register((scope, _none, done) => {
    // The provider reads bodies itself, from the untouched stream.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null);
    });

    scope.get<{ Params: { uid: string } }>(`${PREFIX}/interaction/:uid`, (request, reply) =>
      showPage(options, request, reply),
    );
    scope.post<{ Params: { uid: string } }>(`${PREFIX}/interaction/:uid`, (request, reply) =>
      takePassword(options, request, reply),
    );
    scope.all(`${PREFIX}/*`, async (request, reply) => {
      reply.hijack();
      const raw = request.raw as typeof request.raw & { originalUrl?: string };
      raw.originalUrl = raw.url ?? '/';
      raw.url = raw.originalUrl.slice(PREFIX.length);
      await options.provider().callback()(raw, reply.raw);
    });
    done();
  });
}

async function showPage(
  options: IdentityRoutesOptions,
  request: FastifyRequest<{ Params: { uid: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const interaction = await interactionOf(options, request, reply);
  if (interaction === null) return expired(reply);
  if (interaction.prompt.name === 'consent') return finish(options, request, reply, { consent: {} });
  return page(reply, 200, options, request.params.uid, {});
}

async function takePassword(
  options: IdentityRoutesOptions,
  request: FastifyRequest<{ Params: { uid: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = await readForm(request);
  if (form === null)
    return page(reply, 400, options, request.params.uid, { problem: 'The form was not whole.' });
  const interaction = await interactionOf(options, request, reply);
  if (interaction?.prompt.name !== 'login') return expired(reply);

  const username = form.get('username') ?? '';
  const result = await options.accounts.signIn(username, form.get('password') ?? '', request.ip);
  await auditSignIn(options, result, request.ip);
  if (result.kind === 'signed-in') {
    return finish(options, request, reply, {
      login: { accountId: result.account.subject, remember: false, amr: ['pwd'] },
    });
  }
  if (result.kind === 'locked') reply.header('retry-after', String(result.retryAfterSeconds));
  return page(reply, result.kind === 'locked' ? 429 : 401, options, request.params.uid, {
    username,
    problem: problemOf(result),
  });
}

function problemOf(result: Exclude<SignInResult, { kind: 'signed-in' }>): string {
  switch (result.kind) {
    case 'locked':
      return `Too many attempts. Wait ${Math.ceil(result.retryAfterSeconds / 60)} minutes, then try again.`;
    case 'role-expired':
      return 'Your role at this practice has ended. Ask the practice to renew it.';
    case 'refused':
      return 'The user name or the password is wrong. Try again.';
  }
}

async function auditSignIn(
  options: IdentityRoutesOptions,
  result: SignInResult,
  accessPoint: string,
): Promise<void> {
  await options.audit(result.account === null ? options.nobody : actorOf(result.account), {
    action: 'execute',
    interaction: 'sign-in',
    outcome: result.kind === 'signed-in' ? 'success' : 'refused',
    detail: `${auditWords(result)} from ${accessPoint}`,
  });
}

/** The count of failures of this account from this place; never what was typed, which may be a password. */
function auditWords(result: SignInResult): string {
  switch (result.kind) {
    case 'refused':
      return `failure ${result.failures}${result.account === null ? ', no such account' : ''}`;
    case 'locked':
      return `locked after ${result.failures} failures`;
    case 'signed-in':
    case 'role-expired':
      return result.kind;
  }
}

function actorOf(account: SignInAccount): Actor {
  return {
    userId: account.subject,
    practitionerId: account.practitionerId,
    name: account.name,
    organisation: account.organisation,
    role: account.role,
    activities: activitiesOf(account.role),
  };
}

async function interactionOf(options: IdentityRoutesOptions, request: FastifyRequest, reply: FastifyReply) {
  try {
    return await options.provider().interactionDetails(request.raw, reply.raw);
  } catch {
    // The provider throws for a missing cookie and for an unknown or expired interaction alike.
    return null;
  }
}

async function finish(
  options: IdentityRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  result: Parameters<Provider['interactionResult']>[2],
): Promise<FastifyReply> {
  return reply.redirect(await options.provider().interactionResult(request.raw, reply.raw, result), 303);
}

function page(
  reply: FastifyReply,
  status: number,
  options: IdentityRoutesOptions,
  uid: string,
  content: Pick<SignInPage, 'username' | 'problem'>,
): FastifyReply {
  const demonstration = options.demonstration === undefined ? {} : { demonstration: options.demonstration };
  const html = signInPage({
    action: `${PREFIX}/interaction/${encodeURIComponent(uid)}`,
    ...demonstration,
    ...content,
  });
  return reply.code(status).headers(pageHeaders).send(html);
}

function expired(reply: FastifyReply): FastifyReply {
  const message = 'This sign-in has run out. Nothing was lost. Go back to Gladstone and sign in again.';
  return reply.code(400).headers(pageHeaders).send(messagePage('You are not signed in', message));
}

/** Null where it is too long to be two fields. */
async function readForm(request: FastifyRequest): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > FORM_LIMIT) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
