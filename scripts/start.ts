/** npm start: builds the app, serves it on the loopback address, prints where, and opens it if there is a desktop. */
import { build, preview } from 'vite';

await build({ logLevel: 'warn' });
const server = await preview({ preview: { host: '127.0.0.1', open: hasDesktop() } });
console.log('Walkscope is at:');
server.printUrls();
console.log('Ctrl+C stops it.');

/** Whether opening a browser can work: not over a bare terminal, and not where nobody looks. */
function hasDesktop(): boolean {
  const { env, platform } = process;
  if (env['CI'] !== undefined || env['SSH_CONNECTION'] !== undefined) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}
