/*
 * Text in a link: UTF-8, deflated (raw, RFC 1951), base64url without padding. The browser's own compressor does the work,
 * so reading is asynchronous.
 */

/** Text as base64url of its deflated bytes. */
export async function deflateText(text: string): Promise<string> {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text), Infinity);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The text back, or undefined when the input is cut short or damaged.
 * @param most bytes of text accepted; more counts as damage, so that a small link cannot fill the memory
 */
export async function inflateText(base64url: string, most: number): Promise<string | undefined> {
  if (!/^[A-Za-z0-9_-]*$/.test(base64url)) return undefined;
  try {
    const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const bytes = await through(new DecompressionStream('deflate-raw'), packed, most);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface Transformer {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<BufferSource>;
}

async function through(stream: Transformer, input: BufferSource, most: number): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // A damaged input fails both ends; the reading end is the one that is looked at.
  const written = writer
    .write(input)
    .then(() => writer.close())
    .catch(() => undefined);
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    chunks.push(value);
  }
  await written;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
