import { createHash } from 'node:crypto';

/** The embedded identity provider's own page: no script, no image, no font, no address but its own. */
const style = `
:root { color-scheme: light; }
body { margin: 0; font: 1.1875rem/1.4 Arial, Helvetica, sans-serif; color: #212b32; background: #f0f4f5; }
header { background: #005eb8; color: #fff; padding: 1rem 1.5rem; font-weight: bold; }
main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem 2rem; background: #fff; border: 1px solid #d8dde0; }
h1 { font-size: 1.75rem; margin: 0 0 1rem; }
label { display: block; font-weight: bold; margin: 1rem 0 .25rem; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .4rem; border: 2px solid #4c6272; border-radius: 0; }
input:focus, button:focus { outline: 4px solid #ffeb3b; outline-offset: 0; border-color: #212b32; box-shadow: inset 0 0 0 2px #212b32; }
button { font: inherit; font-weight: bold; margin-top: 1.5rem; padding: .6rem 1.2rem; color: #fff; background: #00662f; border: 2px solid #00401e; }
.error { border: 4px solid #d5281b; padding: .75rem 1rem; margin-bottom: 1rem; font-weight: bold; }
.notice { border-left: 8px solid #005eb8; padding: .5rem 1rem; background: #f0f4f5; font-size: 1rem; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * `form-action` names loopback as well: browsers apply it to the redirect that follows the form, and that goes to the
 * desktop's own address.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "form-action 'self' http://127.0.0.1:*",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

export interface SignInPage {
  /** Where the form is sent to. */
  readonly action: string;
  readonly username?: string;
  /** What went wrong and what to do now. */
  readonly problem?: string;
  /** Named on the page of a demonstration installation. */
  readonly demonstration?: { readonly accounts: readonly string[]; readonly password: string };
}

export function signInPage(page: SignInPage): string {
  const problem =
    page.problem === undefined
      ? ''
      : `<div class="error" role="alert" id="problem">${escapeHtml(page.problem)}</div>`;
  const describedBy = page.problem === undefined ? '' : ' aria-describedby="problem"';
  const demonstration =
    page.demonstration === undefined
      ? ''
      : `<p class="notice"><strong>Demonstration.</strong> Every patient here is invented. Accounts: ${page.demonstration.accounts
          .map((account) => `<code>${escapeHtml(account)}</code>`)
          .join(', ')}; password <code>${escapeHtml(page.demonstration.password)}</code>.</p>`;
  return layout(
    `${page.problem === undefined ? '' : 'Error: '}Sign in – Gladstone`,
    `<h1>Sign in</h1>
${problem}
<form method="post" action="${escapeHtml(page.action)}">
<label for="username">User name</label>
<input id="username" name="username" type="text" value="${escapeHtml(page.username ?? '')}" autocomplete="username" autocapitalize="none" spellcheck="false" required${page.username === undefined ? ' autofocus' : ''}${describedBy}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${page.username === undefined ? '' : ' autofocus'}${describedBy}>
<button type="submit">Sign in</button>
</form>
${demonstration}
<p class="notice">This system holds confidential health records. Using it without authority is an offence under the Computer Misuse Act 1990. Every access is recorded.</p>`,
  );
}

/** For what cannot be answered with the form: an expired link, a client's mistake. */
export function messagePage(title: string, message: string): string {
  return layout(
    `${title} – Gladstone`,
    `<h1>${escapeHtml(title)}</h1><p role="alert">${escapeHtml(message)}</p>`,
  );
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><header>Gladstone</header><main>${body}</main></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
