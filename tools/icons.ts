/** Draws assets/icons/gladstone.svg in every size and container that Linux, Windows and macOS ask for. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron } from '@playwright/test';
import { buildApp } from './build.ts';
import { ownDisplay, prepareLaunch } from './electron-launch.ts';

const folder = resolve(import.meta.dirname, '../assets/icons');
const sizes = [16, 32, 48, 64, 128, 256, 512] as const;

async function draw(): Promise<ReadonlyMap<number, Buffer>> {
  const launch = prepareLaunch(await buildApp('test'));
  const display = process.platform === 'linux' ? await ownDisplay() : undefined;
  const profile = launch.makeProfile('icons');
  const app = await _electron.launch({
    executablePath: launch.executable,
    args: [launch.appFolder],
    chromiumSandbox: true,
    env: { ...launch.environment, DISPLAY: display?.name ?? '', GLADSTONE_PROFILE: profile },
  });
  try {
    const svg = readFileSync(join(folder, 'gladstone.svg'), 'utf8');
    const drawn = new Map<number, Buffer>();
    for (const size of sizes) {
      const base64 = await app.evaluate(
        async ({ BrowserWindow }, { source, pixels }) => {
          const window = new BrowserWindow({
            width: pixels,
            height: pixels,
            show: false,
            frame: false,
            transparent: true,
            useContentSize: true,
            webPreferences: { offscreen: true },
          });
          const page = `<style>*{margin:0;background:transparent}svg{display:block;width:${pixels}px;height:${pixels}px}</style>${source}`;
          await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`);
          const image = await window.webContents.capturePage({ x: 0, y: 0, width: pixels, height: pixels });
          window.destroy();
          return image.resize({ width: pixels, height: pixels }).toPNG().toString('base64');
        },
        { source: svg, pixels: size },
      );
      drawn.set(size, Buffer.from(base64, 'base64'));
    }
    return drawn;
  } finally {
    await app.close();
    display?.stop();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** An ICO whose images are PNGs (Windows Vista and newer). */
function ico(images: readonly (readonly [number, Buffer])[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(([size, png], index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size >= 256 ? 0 : size, at);
    header.writeUInt8(size >= 256 ? 0 : size, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(([, png]) => png)]);
}

const icnsTypes: Readonly<Record<number, string>> = { 128: 'ic07', 256: 'ic08', 512: 'ic09' };

function icns(images: readonly (readonly [number, Buffer])[]): Buffer {
  const parts = images.flatMap(([size, png]) => {
    const type = icnsTypes[size];
    if (type === undefined) return [];
    const head = Buffer.alloc(8);
    head.write(type, 0, 'ascii');
    head.writeUInt32BE(png.length + 8, 4);
    return [head, png];
  });
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'ascii');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const drawn = [...(await draw())];
writeFileSync(join(folder, 'gladstone.png'), drawn.find(([size]) => size === 512)?.[1] ?? Buffer.alloc(0));
writeFileSync(join(folder, 'gladstone.ico'), ico(drawn.filter(([size]) => size <= 256)));
writeFileSync(join(folder, 'gladstone.icns'), icns(drawn));
console.log(`drew ${drawn.length} sizes`);
