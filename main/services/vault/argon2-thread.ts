import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** As hash-wasm's `argon2id` takes them; sizes in KiB. */
export interface Argon2Request {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly memorySize: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly hashLength: number;
}

/**
 * Argon2id on a thread that lives for this one hash: saving and sending go on while somebody unlocks, and neither
 * the secret nor the 46 MB outlive it.
 */
export async function hashApart(request: Argon2Request): Promise<Uint8Array> {
  const worker = new Worker(program(), { eval: true, workerData: request });
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(new Error(`the thread that derives keys ended with ${code}`));
      });
    });
  } finally {
    await worker.terminate();
  }
}

/** hash-wasm's own file for Argon2 alone, and what gives it its work: a text, so that the packaged app needs no second file. */
function program(): string {
  return `
    const library = {};
    (function (exports, module) { ${argon2Library()}
    }).call(library, library, {});
    const { parentPort, workerData } = require('node:worker_threads');
    library.argon2id({ ...workerData, outputType: 'binary' }).then((hash) => parentPort.postMessage(hash));
  `;
}

function argon2Library(): string {
  // The bundle carries it (vite.main.config.ts); run from sources it lies in its package.
  if (typeof GLADSTONE_ARGON2 === 'string') return GLADSTONE_ARGON2;
  return readFileSync(createRequire(import.meta.url).resolve('hash-wasm/dist/argon2.umd.min.js'), 'utf8');
}
