import type { ReactNode } from 'react';
import { useApp } from './use-app.ts';

/** In the place of what must not be seen yet: what, and why. Nothing while everything is shown. */
export function Hidden({ what }: { what: string }): ReactNode {
  const says = useApp((s) => s.veil?.says);
  return says === undefined ? null : (
    <p className="hint veiled">
      {what}: {says}.
    </p>
  );
}
