import { defineConfig } from 'vite';

/** Preload: sandboxed, so one CommonJS file. */
export default defineConfig({
  build: {
    target: 'chrome148',
    outDir: '.vite/build',
    emptyOutDir: false,
    copyPublicDir: false,
    rollupOptions: {
      external: ['electron', 'electron/renderer'],
      input: 'preload/preload.ts',
      output: { format: 'cjs', codeSplitting: false, entryFileNames: '[name].cjs' },
    },
  },
});
