import { type ReactNode, useEffect, useState } from 'react';
import { functionOfSite } from '../../machine/sites.ts';
import { stepSentence } from '../../recording/narrate.ts';
import { Room } from '../base/room.tsx';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';

/** What the step does, in a sentence, for the eye. */
export function Narration(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const voice = useApp((s) => s.voice);
  const notice = useApp((s) => s.notice);
  if (loaded === null) return <Room className="narration-room">{null}</Room>;
  const rec = loaded.recording;
  const site = rec.machine.log.site[step];
  const fn = step < 0 || site === undefined ? null : functionOfSite(site);
  return (
    <Room className="narration-room">
      <div className="narration">
        <span className="narration-fn" title={fn === null ? undefined : `${fn.name}() of ${fn.file}`}>
          {fn === null ? 'start' : `${fn.name}()`}
        </span>
        <p className="narration-text">
          {step < 0 ? 'The memory as it is before the first step.' : stepSentence(rec, step, voice)}
        </p>
        {notice === '' ? null : <p className="remark">{notice}</p>}
      </div>
    </Room>
  );
}

/** How long the cursor has to stand before its step is read aloud, in milliseconds. */
const QUIET = 350;

/** The same, for screen readers: it speaks when the cursor stands still, not at every frame of a playing walk. */
export function LiveRegion(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const voice = useApp((s) => s.voice);
  const notice = useApp((s) => s.notice);
  const job = useApp((s) => s.job !== null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      if (loaded === null) return;
      setSaid(step < 0 ? 'Before the first step.' : `Step ${step + 1}. ${stepSentence(loaded.recording, step, voice)}`);
    }, QUIET);
    return () => clearTimeout(timer);
  }, [loaded, step, voice]);
  return (
    <div className="visually-hidden">
      <output>{said}</output>
      <output>{job ? 'Recording.' : notice}</output>
    </div>
  );
}
