/** What the person points at on the stage or in the strip. */
export type Selection =
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'entry'; readonly entry: number; readonly page: number }
  | { readonly kind: 'table'; readonly table: number }
  | { readonly kind: 'folio'; readonly folio: number };
