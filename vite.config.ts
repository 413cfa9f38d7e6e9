import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { compileHint } from './scripts/compile-hint.ts';
import { licences } from './scripts/licences.ts';
import { offline } from './scripts/offline.ts';

/**
 * Drops the Content-Security-Policy of index.html from the development server only: react refresh needs an inline
 * script and a websocket there. The built page, which `npm start` and the end-to-end tests use, keeps the policy.
 */
function policyOnlyInBuild(): Plugin {
  return {
    name: 'policy-only-in-build',
    apply: 'serve',
    transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}

export default defineConfig({
  // Relative addresses, so that the built page works from any path of any server.
  base: './',
  // The list of files is made last, of what is there then.
  plugins: [react(), policyOnlyInBuild(), compileHint(['index', 'engine']), licences(), offline()],
  build: {
    // The polyfill would be the only inline-like code in the bundle, and every browser we support has module preload.
    modulePreload: { polyfill: false },
    // Nothing becomes a data: address, so the policy can name 'self' alone for scripts, styles and fonts.
    assetsInlineLimit: 0,
    sourcemap: true,
    // What the first load needs stays together, and so does the engine, which the first walk waits for: in pieces they
    // compress worse, and each piece is a request.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            { name: 'engine', test: /[\\/]session[\\/]engine-parts\.ts$/ },
            { name: 'panes', test: /[\\/]frame[\\/]panes\.tsx$/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
});
