/** Electron's security list, attacked one item at a time. Each test's `@name` has a breach in tools/breach.ts that turns it red. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { channelNames } from '../../../contract/ipc.ts';
import type { Bridge } from '../../../contract/ipc.ts';
import { expect, test } from '../../support/electron.ts';

declare global {
  interface Window {
    gladstone: Bridge;
  }
}

test('@preferences: sandbox, isolation and no Node in the page', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(
    await page.evaluate(() => [
      typeof Reflect.get(globalThis, 'require'),
      typeof Reflect.get(globalThis, 'process'),
    ]),
  ).toEqual(['undefined', 'undefined']);
});

test('@sandbox: the renderer runs under seccomp and may gain no privileges', async ({ desktop }) => {
  test.skip(process.platform !== 'linux', 'read from /proc');
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const pid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
});

test('@bridge: named functions alone, never ipcRenderer', async ({ desktop }) => {
  const { page } = await desktop.open();
  const shape = await page.evaluate(() => ({
    top: Object.keys(window.gladstone).sort(),
    calls: Object.keys(window.gladstone.call).sort(),
    raw: ['ipcRenderer', 'electron', 'require'].filter((name) => Reflect.has(window, name)),
  }));
  expect(shape).toEqual({ top: ['call', 'on'], calls: [...channelNames].sort(), raw: [] });
});

test('@navigation: the page cannot go elsewhere', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const before = page.url();
  const tried = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return new Promise<boolean>((resolve) => {
      contents?.on('will-navigate', (event) => {
        resolve(event.defaultPrevented);
      });
      void contents?.executeJavaScript("location.href = 'https://example.invalid/steal'");
    });
  });
  expect(tried).toBe(true);
  expect(page.url()).toBe(before);
});

test('@window-open: no second window', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  expect(await page.evaluate(() => window.open('gladstone://app/', '_blank') === null)).toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('@sender: a window that we did not open is refused, whatever it shows', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const answers = await app.evaluate(async ({ BrowserWindow, app: electronApp }) => {
    const preload = `${electronApp.getAppPath()}/.vite/build/preload.cjs`;
    const results: unknown[] = [];
    for (const url of ['gladstone://app/', 'data:text/html,<p>forged']) {
      const forged = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await forged.loadURL(url);
      results.push(
        await forged.webContents.executeJavaScript("window.gladstone.call['settings.get'](undefined)"),
      );
      forged.destroy();
    }
    return results;
  });
  for (const answer of answers)
    expect(answer).toMatchObject({ ok: false, error: { code: 'message-refused' } });
});

test('@payload: a bad payload is refused on every channel', async ({ desktop }) => {
  const { page } = await desktop.open();
  const answers = await page.evaluate(async () => {
    const bad = {
      kind: 17,
      changes: 'none',
      patientId: ['x'],
      textSize: 'huge',
      organisation: null,
      serviceUrl: 'javascript:alert(1)',
      paused: 'yes',
      landscape: 'no',
      action: 'destroy',
      route: 5,
      code: {},
      itemId: 1,
      draftId: 'x',
      groupId: 'x',
    };
    const results: [string, unknown][] = [];
    for (const [name, call] of Object.entries(window.gladstone.call)) results.push([name, await call(bad)]);
    return results;
  });
  expect(answers.map(([name]) => name).sort()).toEqual([...channelNames].sort());
  for (const [name, answer] of answers) {
    expect(answer, name).toMatchObject({ ok: false, error: { code: 'message-refused' } });
  }
});

test('@traversal: the custom scheme serves its folder and nothing else', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const statuses = await app.evaluate(async ({ net }) => {
    const paths = [
      'gladstone://app/../../../package.json',
      'gladstone://app/..%2f..%2f..%2fpackage.json',
      'gladstone://app/%2e%2e/%2e%2e/%2e%2e/package.json',
      'gladstone://app/..%255c..%255c..%255cpackage.json',
      'gladstone://app/assets/..%5c..%5c..%5cpackage.json',
      'gladstone://app/%00index.html',
      'gladstone://app//etc/passwd',
      'gladstone://app/file:%2f%2f%2fetc%2fpasswd',
      'gladstone://elsewhere/index.html',
    ];
    const results: [string, number][] = [];
    for (const path of paths) results.push([path, (await net.fetch(path)).status]);
    results.push(['gladstone://app/', (await net.fetch('gladstone://app/')).status]);
    return results;
  });
  for (const [path, status] of statuses.slice(0, -1)) expect(status, path).toBe(404);
  expect(statuses.at(-1)).toEqual(['gladstone://app/', 200]);
});

test('@policy: every answer carries the strict policy, refused ones too', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const scripts = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>('script[src], link[href]')].map(
      (element) => ('src' in element ? element.src : element.href),
    ),
  );
  const policies = await app.evaluate(
    async ({ net }, urls) => {
      const results: (string | null)[] = [];
      for (const url of urls) results.push((await net.fetch(url)).headers.get('content-security-policy'));
      return results;
    },
    [
      'gladstone://app/',
      'gladstone://app/none.js',
      ...scripts.filter((name) => name.startsWith('gladstone:')),
    ],
  );
  expect(policies.length).toBeGreaterThan(2);
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  }
});

test('@inline: an inline script and an inline handler do not run', async ({ desktop }) => {
  const { page } = await desktop.open();
  const ran = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violations.push(event.effectiveDirective),
    );
    const script = document.createElement('script');
    script.textContent = 'window.broken = true';
    document.body.append(script);
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.broken = true');
    document.body.append(button);
    button.click();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return { broken: Reflect.get(window, 'broken') === true, violations };
  });
  expect(ran.broken).toBe(false);
  expect(ran.violations.length).toBeGreaterThan(0);
});

test('@network: the page opens no connection', async ({ desktop }) => {
  let reached = 0;
  const server = createServer((_request, answer) => {
    reached += 1;
    answer.setHeader('Access-Control-Allow-Origin', '*');
    answer.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { page } = await desktop.open();
  const { port } = server.address() as AddressInfo;
  const answers = await page.evaluate(async (url) => {
    const tries = [
      fetch(url),
      fetch('gladstone://app/'),
      new Promise((_resolve, reject) => {
        const image = new Image();
        image.onerror = reject;
        image.src = url;
      }),
    ];
    const settled = await Promise.allSettled(tries);
    return settled.map(({ status }) => status);
  }, `http://127.0.0.1:${port}/`);
  server.close();
  expect(answers).toEqual(['rejected', 'rejected', 'rejected']);
  expect(reached).toBe(0);
});

test('@permissions: asked for or probed, everything unlisted is denied', async ({ desktop }) => {
  const { page } = await desktop.open();
  const outcome = await page.evaluate(async () => ({
    notification: await Notification.requestPermission(),
    queried: (await navigator.permissions.query({ name: 'geolocation' })).state,
    checked: (await navigator.permissions.query({ name: 'notifications' })).state,
    camera: (await navigator.permissions.query({ name: 'camera' })).state,
    media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'refused',
    ),
    copied: (await navigator.permissions.query({ name: 'clipboard-write' as PermissionName })).state,
  }));
  expect(outcome).toEqual({
    notification: 'denied',
    queried: 'denied',
    checked: 'denied',
    camera: 'denied',
    media: 'refused',
    copied: 'granted',
  });
});

test('@title: a page title never reaches the window', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.evaluate(() => {
    document.title = 'SMITH, John (Mr)';
  });
  await expect.poll(() => page.title()).toBe('SMITH, John (Mr)');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toMatch(
    /^Gladstone/,
  );
});

test('@devtools: developer tools do not open outside development', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.openDevTools();
  });
  // They open some frames later, so a quick look would always find them shut.
  await page.evaluate(async () => {
    for (let frame = 0; frame < 90; frame++) await new Promise(requestAnimationFrame);
  });
  expect(
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.isDevToolsOpened(),
    ),
  ).toBe(false);
});

test('@spellchecker: off, so that no dictionary is fetched and no word leaves', async ({ desktop }) => {
  const { app } = await desktop.open();
  expect(await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false);
});

test('@download: a page cannot write a file by itself', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  const prevented = await app.evaluate(({ BrowserWindow, session }) => {
    return new Promise<boolean>((resolve) => {
      session.defaultSession.on('will-download', (event) => {
        resolve(event.defaultPrevented);
      });
      void BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        "const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'x.txt'; a.click();",
      );
    });
  });
  expect(prevented).toBe(true);
});

test('@content-protection: a setting, applied at once', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  // Linux has no content protection to read back: there the call itself is what can be seen.
  await app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) throw new Error('no window');
    const asked: boolean[] = [];
    Reflect.set(globalThis, 'protectionAsked', asked);
    const apply = window.setContentProtection.bind(window);
    window.setContentProtection = (enable) => {
      asked.push(enable);
      apply(enable);
    };
  });
  const settings = await page.evaluate(() =>
    window.gladstone.call['settings.put']({ contentProtection: true }),
  );
  expect(settings).toMatchObject({ ok: true });
  expect(await app.evaluate(() => Reflect.get(globalThis, 'protectionAsked') as boolean[])).toEqual([true]);
  if (process.platform !== 'linux')
    expect(
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isContentProtected()),
    ).toBe(true);
});
