import { FIX_SWITCHES } from '../../scenario/revision.ts';
import type { RunSpec, Strategy } from '../../scenario/types.ts';

/** Lanes that are worth a look beside each other. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly specs: readonly RunSpec[];
}

/** Comparisons on offer for a run: each has the run itself in it or stands for the same scenario. */
export function presetsOf(spec: RunSpec): readonly Preset[] {
  const { fixes = [], kernel: _, ...rest } = spec;
  const series: RunSpec = { ...rest, ...(fixes.length === 0 ? {} : { fixes }) };
  const bare: RunSpec = { ...rest };
  const by = (strategy: Strategy): RunSpec => ({ ...series, strategy });
  const { operations: _o, ...unified } = { ...bare, strategy: 'unified' as const };
  const presets: Preset[] = [
    {
      id: 'mended',
      title: 'v2 and mended',
      specs: [
        { ...bare, revision: 'v2' },
        { ...bare, revision: 'fixed' },
      ],
    },
    {
      id: 'ways',
      title: 'One walk, two, three',
      specs: (['unified', 'fault-then-migrate', 'migrate-fault-migrate'] as const).map((s) => {
        const { operations: _ops, ...lane } = by(s);
        return lane;
      }),
    },
    {
      id: 'revisions',
      title: 'First posting, v2, v7, mended',
      specs: (['rfc', 'v2', 'v7', 'fixed'] as const).map((revision) => ({ ...bare, revision })),
    },
    {
      id: 'base',
      title: 'Without and with the series',
      specs: [
        { ...unified, strategy: 'fault-then-migrate', revision: 'v2', kernel: 'base' },
        { ...unified, revision: 'v2' },
      ],
    },
  ];
  const about = [...(spec.scenario.source ?? []), ...(spec.scenario.tags ?? [])].join(' ').split(/[^\w-]+/);
  const switches = fixes.length > 0 ? fixes : FIX_SWITCHES.map((f) => f.id).filter((id) => about.includes(id));
  if (switches.length > 0)
    presets.push({
      id: 'switches',
      title: `Without and with ${switches.length > 2 ? `${switches.length} switches` : switches.join(', ')}`,
      specs: [bare, { ...bare, fixes: switches }],
    });
  return presets;
}
