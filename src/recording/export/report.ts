/*
 * A report before it is text: the same content becomes mail or Markdown. Texts may hold any character; what cannot be
 * shown is made harmless when it is printed, not before.
 */

export type Block =
  /** `Name: value` lines; a long value goes on in an indented line */
  | { readonly kind: 'fields'; readonly rows: readonly (readonly [name: string, value: string])[] }
  /** what reopens the run: a fragment, and the address of the page it belongs to ('' = not known) */
  | { readonly kind: 'link'; readonly address: string; readonly fragment: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** lines that keep their columns; at most 75 ASCII characters each */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
}
