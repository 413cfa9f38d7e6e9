import { G, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { isHugeZero } from './describe.ts';
import type { ModelNames } from './identify.ts';
import type { IdClass } from './page-ids.ts';
import type { Projection } from './project.ts';

/** What the model's own names stand for. */
export function modelNames(m: Machine, projection: Projection): ModelNames {
  const { freedAt, queuedAt, drains } = projection;
  return {
    classOf: (name) => classOf(m, name),
    freed: (name, step) => (freedAt.get(Number(name.slice(1))) ?? step) < step,
    mayBeBatched: (name, step) =>
      queuedAt
        .get(Number(name.slice(1)))
        ?.some((queued) => queued <= step && !drains.some((d) => queued < d && d <= step)) ?? false,
  };
}

function classOf(m: Machine, name: string): IdClass {
  if (name.startsWith('swap@')) return 'swap';
  if (name.startsWith('lock@')) return 'lock';
  const pfn = Number(name.slice(1));
  if (pfn === m.scalar.get(G.ZERO_PFN)) return 'zero';
  if (isHugeZero(m, pfn)) return 'huge-zero';
  switch (pfn >>> ZONE_SHIFT) {
    case ZONE.SYSTEM:
      return 'system';
    case ZONE.PRIVATE0:
    case ZONE.PRIVATE1:
      return 'private';
    default:
      return 'coherent';
  }
}
