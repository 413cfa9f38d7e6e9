/** The page's address without the fragment; '' when it is a file or this computer's own, of no use to anybody else. */
export function pageAddress(): string {
  const own = location.protocol === 'file:' || /^(localhost|127\.|\[::1\])/.test(location.hostname);
  return own ? '' : location.href.replace(/[?#].*$/, '');
}

/** This page at a fragment. @param query what stands before it; left out, what stands there now */
export function addressAt(fragment: string, query: string = location.search): string {
  return `${location.href.replace(/[?#].*$/, '')}${query}${fragment}`;
}
