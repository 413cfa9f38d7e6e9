import type { RunSpec, Scenario } from '../../scenario/types.ts';
import type { RecordingTransfer } from '../transfer.ts';
import type { Alignment } from './align.ts';
import type { Outcome } from './outcome.ts';
import type { RunComparison } from './runs.ts';

/** What the page asks of the comparing worker: lanes of one scenario, or many scenarios in two ways. */
export type CompareRequest =
  | { readonly kind: 'lanes'; readonly specs: readonly RunSpec[] }
  | {
      readonly kind: 'library';
      readonly a: string;
      readonly b: string;
      /** ids of the library's scenarios; a scenario of the person's own comes whole */
      readonly scenarios: readonly (string | Scenario)[];
    };

/** What it answers: lanes as they are recorded and then all together; scenarios one by one. */
export type CompareReply =
  | { readonly kind: 'recorded'; readonly lane: number; readonly steps: number }
  | {
      readonly kind: 'lanes';
      readonly recordings: readonly RecordingTransfer[];
      readonly alignment: Alignment;
      /** what each lane comes to beside the first; nothing for the first itself */
      readonly outcomes: readonly (Outcome | null)[];
    }
  | { readonly kind: 'compared'; readonly result: RunComparison }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly lane: number; readonly message: string };
