import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Renderer and cache worker. Nothing is inlined, because the content security policy allows nothing inline. In
 * development the page still comes through the custom scheme; only the reload socket goes to the Vite server.
 */
export default defineConfig(({ command }) => ({
  root: resolve(import.meta.dirname, 'renderer'),
  base: '/',
  plugins: [react()],
  html: command === 'serve' ? { cspNonce: 'development' } : {},
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    hmr: { protocol: 'ws', host: '127.0.0.1', port: 5173 },
  },
  build: {
    target: 'chrome148',
    outDir: resolve(import.meta.dirname, '.vite/renderer/main_window'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}));
