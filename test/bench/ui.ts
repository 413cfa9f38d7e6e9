import type { Row } from './measure.ts';
export function uiRows(): readonly Row[] {
  return [];
}
