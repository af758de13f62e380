/**
 * Loaded into the main process before the app (`electron -r`), and into the empty window's alike: says on standard
 * output, as one line of JSON, when the first window was ready to show and when its first real screen was painted.
 * Wall-clock milliseconds, because renderer, main process and the measuring program share no other clock.
 */
const { app } = require('electron');

const selector = process.env.GLADSTONE_BENCH_SCREEN;
const loaded = Date.now();
let ready = 0;
app.once('ready', () => {
  ready = Date.now();
});

/** Runs in the page: resolves when an element of the real screen stands in a frame and the first paint is known. */
const watch = `new Promise((resolve) => {
  const painted = new Promise((done) => {
    new PerformanceObserver((list) => {
      const entry = list.getEntriesByName('first-contentful-paint')[0];
      if (entry) done(performance.timeOrigin + entry.startTime);
    }).observe({ type: 'paint', buffered: true });
  });
  const shown = new Promise((done) => {
    const look = () => {
      if (!document.querySelector(${JSON.stringify(selector)})) return false;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.timeOrigin + performance.now());
        port2.postMessage(null);
      });
      return true;
    };
    if (look()) return;
    const observer = new MutationObserver(() => { if (look()) observer.disconnect(); });
    observer.observe(document, { childList: true, subtree: true });
  });
  Promise.all([painted, shown]).then(([firstPaint, screen]) => resolve({
    firstPaint,
    screen,
    page: performance.timeOrigin,
  }));
})`;

app.once('browser-window-created', (_event, window) => {
  const created = Date.now();
  const readyAt = ready;
  const shown = new Promise((done) => {
    window.once('ready-to-show', () => {
      done(Date.now());
    });
  });
  window.webContents.once('dom-ready', () => {
    const domReady = Date.now();
    void Promise.all([window.webContents.executeJavaScript(watch), shown]).then(([page, readyToShow]) => {
      process.stdout.write(
        `${JSON.stringify({ ...page, readyToShow, loaded, ready: readyAt, created, domReady })}\n`,
      );
    });
  });
});
