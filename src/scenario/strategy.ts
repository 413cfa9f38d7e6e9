import { WAYS_OF } from '../kernel/drivers/ways.ts';
import { requireLegacy } from './legacy.ts';
import type { Operation, RunSpec } from './types.ts';

/** What the process does: the run's own operations, or the scenario's program, or the calls that the strategy makes. */
export function operationsOf(spec: RunSpec): readonly Operation[] {
  const program = spec.operations ?? spec.scenario.program;
  if (program === undefined) return strategyCalls(spec);
  return program.flatMap((op) => (op.call === 'strategy' ? strategyCalls(spec) : [op]));
}

/** The calls that a strategy makes for the scenario's request. */
function strategyCalls(spec: RunSpec): readonly Operation[] {
  const request = spec.scenario.request;
  switch (spec.strategy) {
    case 'unified':
      if (spec.kernel !== undefined && spec.kernel !== 'v2')
        throw new Error(`strategy unified: kernel ${spec.kernel} does not have the unified walk`);
      // Without an interval notifier the way in is migrate_vma_setup() with MIGRATE_VMA_FAULT: hmm_range_fault() takes
      // a NULL notifier for that call, and does not say in the struct what it collected (docs/decisions/0009).
      if (WAYS_OF[request.driver ?? 'test_hmm'].includes('no-notifier'))
        return [{ call: 'migrate_vma', fault: true, request }];
      return [{ call: 'hmm_range_fault', migrate: true, request }];
    case 'fault-only':
      return [{ call: 'hmm_range_fault', migrate: false, request }];
    case 'migrate-only':
      return [{ call: 'migrate_vma', fault: false, request }];
    case 'fault-then-migrate':
      return [
        { call: 'hmm_range_fault', migrate: false, request },
        { when: 'succeeded', call: 'migrate_vma', fault: false, request },
      ];
    case 'migrate-fault-migrate':
      return [
        { call: 'migrate_vma', fault: false, request, ifIncomplete: 'abort' },
        { when: 'incomplete', call: 'hmm_range_fault', migrate: false, request },
        { when: 'succeeded', call: 'migrate_vma', fault: false, request },
      ];
    case 'legacy-2016':
      requireLegacy(spec.scenario);
      return [{ call: 'hmm_vma_migrate', request }];
  }
}
