import type { ReactNode } from 'react';
import { Tables } from '../text/tables.tsx';

/** The stage: the memory as a picture. */
export function StagePane(): ReactNode {
  return <Tables />;
}
