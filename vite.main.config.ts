import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  version: string;
  devDependencies: { electron: string };
};

/** Runs on a thread of its own that is given its program as a text (main/services/vault/argon2-thread.ts). */
const argon2 = readFileSync(
  new URL('./node_modules/hash-wasm/dist/argon2.umd.min.js', import.meta.url),
  'utf8',
);

/**
 * Main process. Forge merges its own settings under these; `tools/build.ts` uses them alone, so they are complete.
 */
export default defineConfig({
  build: {
    target: 'node24',
    outDir: '.vite/build',
    emptyOutDir: false,
    copyPublicDir: false,
    sourcemap: false,
    lib: { entry: 'main/main.ts', formats: ['cjs'], fileName: () => '[name].cjs' },
    rollupOptions: {
      external: ['electron', 'electron/main', ...builtinModules.flatMap((name) => [name, `node:${name}`])],
    },
  },
  resolve: { conditions: ['node'], mainFields: ['module', 'jsnext:main', 'jsnext'] },
  define: {
    GLADSTONE_FLAVOUR: JSON.stringify(process.env['GLADSTONE_FLAVOUR'] ?? 'development'),
    GLADSTONE_VERSION: JSON.stringify(manifest.version),
    GLADSTONE_ARGON2: JSON.stringify(argon2),
    GLADSTONE_ELECTRON: JSON.stringify(manifest.devDependencies.electron),
  },
});
