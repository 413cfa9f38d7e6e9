import { htmlText } from './html.ts';

/** What a mail says once its encodings are taken off. */
export interface Decoded {
  readonly subject: string;
  readonly author: string;
  readonly lines: readonly string[];
}

const ENCODED_WORD = /=\?[\w-]{1,40}\?[bqBQ]\?/;

/** The body is not readable as it stands: encoded, in parts, or in another character set. */
export function needsDecoding(fields: ReadonlyMap<string, string>): boolean {
  const type = fields.get('content-type') ?? '';
  return (
    /quoted-printable|base64/i.test(fields.get('content-transfer-encoding') ?? '') ||
    /multipart\//i.test(type) ||
    /text\/html/i.test(type) ||
    /charset="?(?!utf-?8|us-ascii)[\w-]/i.test(type)
  );
}

/** A header field holds encoded words (RFC 2047). */
export const hasEncodedWords = (fields: ReadonlyMap<string, string>): boolean =>
  ENCODED_WORD.test(fields.get('subject') ?? '') || ENCODED_WORD.test(fields.get('from') ?? '');

/**
 * Takes the encodings off a mail. Its text parts follow one another, attached patches included; whatever else is
 * attached is left out.
 * @param raw the message with its headers, without an mbox separator.
 * @throws whatever the mail parser cannot read.
 */
export async function decodeMail(raw: string): Promise<Decoded> {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer', maxNestingDepth: 32 });
  const texts: string[] = [];
  if (mail.text !== undefined) texts.push(mail.text);
  else if (mail.html !== undefined) texts.push(htmlText(mail.html));
  for (const part of mail.attachments) {
    const isText = part.mimeType.startsWith('text/') || /\.(patch|diff|txt|mbox)$/i.test(part.filename ?? '');
    if (isText) texts.push(textOf(part.content));
  }
  const from = mail.from;
  return {
    subject: mail.subject ?? '',
    author: from === undefined ? '' : from.name || ('address' in from ? (from.address ?? '') : ''),
    lines: texts.flatMap((t) => t.replace(/\n$/, '').split(/\r?\n/)),
  };
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
