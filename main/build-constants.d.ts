/** Put in by vite.main.config.ts and Forge. */
declare const GLADSTONE_FLAVOUR: 'development' | 'test' | 'release';
/** The Vite server's address in development; undefined in a build. */
declare const MAIN_WINDOW_VITE_DEV_SERVER_URL: string | undefined;
/** Version of this build, from package.json. */
declare const GLADSTONE_VERSION: string;
/** The Electron that package.json pins. */
declare const GLADSTONE_ELECTRON: string;
/** hash-wasm's file for Argon2, as text; absent when main runs from its sources. */
declare const GLADSTONE_ARGON2: string | undefined;
