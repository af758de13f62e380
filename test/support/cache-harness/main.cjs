/** A window on the cache alone: one page under the product's content security policy, no main process services. */
const { app, BrowserWindow, protocol } = require('electron');
const { readFile } = require('node:fs/promises');
const { extname, join, normalize, sep } = require('node:path');

app.setPath('userData', process.env.GLADSTONE_PROFILE);
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'harness', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};
const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'none'; base-uri 'none'";

app.whenReady().then(() => {
  const root = join(__dirname, 'page');
  protocol.handle('harness', async (request) => {
    const path = normalize(join(root, decodeURIComponent(new URL(request.url).pathname)));
    if (!path.startsWith(root + sep)) return new Response('', { status: 404 });
    const body = await readFile(path).catch(() => null);
    if (body === null) return new Response('', { status: 404 });
    return new Response(body, {
      headers: {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      },
    });
  });
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
    },
  });
  // As in the product: with a menu, letting go of Alt would take the keyboard from the page.
  window.removeMenu();
  void window.loadURL('harness://app/index.html');
});
app.on('window-all-closed', () => app.quit());
