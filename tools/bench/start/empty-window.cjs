/** The least an Electron app can do: one sandboxed window with one word. What the product's start is held against. */
const { join } = require('node:path');
const { app, BrowserWindow } = require('electron');

if (process.env.GLADSTONE_PROFILE) app.setPath('userData', process.env.GLADSTONE_PROFILE);
app.enableSandbox();
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadFile(join(__dirname, 'page.html'));
});
app.on('window-all-closed', () => {
  app.quit();
});
