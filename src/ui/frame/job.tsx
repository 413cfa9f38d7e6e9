import { type ReactNode, useEffect, useState } from 'react';
import { cancelJob } from '../../session/recorder.ts';
import { useApp } from '../base/use-app.ts';

/** A long recording: what is being made, for how long, and the way to stop it. */
export function JobBox(): ReactNode {
  const job = useApp((s) => s.job);
  const [now, setNow] = useState(0);
  const runs = job !== null;
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [runs]);
  if (job === null) return null;
  const { request, title } = job.spec.scenario;
  return (
    <div className="job">
      <div>
        <strong className="clip">Recording “{title}”</strong>
        <span className="hint">
          {request.end - request.start} pages, {job.steps === 0 ? '' : `${job.steps.toLocaleString('en')} steps, `}
          {Math.max(0, (now - job.startedAt) / 1000).toFixed(1)} s
        </span>
        <progress aria-label="Recording" />
      </div>
      <button type="button" className="button small" onClick={cancelJob}>
        Stop
      </button>
    </div>
  );
}
