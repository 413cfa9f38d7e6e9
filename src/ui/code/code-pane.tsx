import { type KeyboardEvent, type ReactNode, memo, useLayoutEffect, useMemo, useRef } from 'react';
import { functionOfSite, siteInfo } from '../../machine/sites.ts';
import { breakAt } from '../../session/breakpoints.ts';
import { runToSites } from '../../session/run-to.ts';
import { useApp, useKnown, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { useScrollTo } from '../base/use-scroll-to.ts';
import { useView } from '../base/use-view.ts';
import { type SourceFile, linesOfCall, placeOfStep } from './source-index.ts';
import { tokenize } from './tokens.ts';
import { Scroll } from '../base/scroll.tsx';

/** Height of a line; the style sheet says the same. */
const LINE = 19;

/** The model's own source at the line of the cursor (or of the frame that is looked at). */
export function CodePane(): ReactNode {
  const loaded = useLoaded();
  const cursor = useStepInTurn('code');
  const frame = useApp((s) => s.frame);
  const step = frame ?? cursor;
  const place = useMemo(() => (loaded === null ? null : placeOfStep(loaded.recording, step)), [loaded, step]);
  // Before the first step nothing runs: the file that the first step is in stays in view.
  const shown = useMemo(() => place ?? (loaded === null ? null : placeOfStep(loaded.recording, 0)), [place, loaded]);
  if (loaded === null || shown === null) return <p className="empty">The source appears with the first step.</p>;
  const site = step < 0 ? undefined : loaded.recording.machine.log.site[step];
  const fn = site === undefined ? undefined : functionOfSite(site);
  return (
    <div className="code">
      <p className="code-where">
        {fn === undefined ? 'before the first step' : <strong>{fn.name}()</strong>}
        {fn === undefined ? null : <span className="code-kernel"> {fn.file} in the kernel</span>}
        <span className="code-file" title={shown.file.path}>
          {shown.file.path}:{shown.line + 1}
        </span>
      </p>
      <Listing file={shown.file} line={place === null ? -1 : shown.line} />
    </div>
  );
}

/** Lines kept above and below those in view. */
const OVERSCAN = 4;

/** A file of which only the lines in view exist: the cursor changes files at almost every call. */
function Listing({ file, line }: { file: SourceFile; line: number }): ReactNode {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useView(box);
  const { scrollTo, isOwn } = useScrollTo(box);
  const tokens = useMemo(() => tokensOf(file), [file]);
  useLayoutEffect(() => {
    const y = line * LINE;
    if (line < 0 || (y >= view.top + LINE * 2 && y <= view.top + view.height - LINE * 3)) return;
    const most = Math.max(0, file.lines.length * LINE - view.height);
    const top = Math.max(0, Math.min(most, y - view.height * 0.4));
    scrollTo(top);
    // The rows for the new place have to be there in this very frame.
    // oxlint-disable-next-line react/set-state-in-effect
    setView((v) => ({ ...v, top }));
    // Only another line scrolls: the person's own scrolling is left alone.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [file, line, view.height]);
  const from = Math.max(0, Math.floor(view.top / LINE) - OVERSCAN);
  const to = Math.min(file.lines.length, Math.ceil((view.top + view.height) / LINE) + OVERSCAN);
  return (
    <Scroll
      className="code-box"
      label={`Source ${file.path}`}
      box={box}
      onScroll={(el) => {
        if (isOwn()) return;
        const top = el.scrollTop;
        setView((v) => (v.top === top ? v : { ...v, top }));
      }}
      onKeyDown={moveInLines}
    >
      <div className="code-inner" style={{ height: file.lines.length * LINE, minWidth: `${file.widest + 12}ch` }}>
        {line < 0 ? null : (
          <div
            className="code-mark"
            style={{ transform: `translateY(${line * LINE}px)`, height: linesOfCall(file.lines, line) * LINE }}
            aria-hidden="true"
          />
        )}
        <ol className="code-lines" start={from + 1} style={{ transform: `translateY(${from * LINE}px)` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => (
            <Line
              key={`${file.path}:${from + i}`}
              file={file}
              index={from + i}
              tokens={tokens[from + i] ?? []}
              here={from + i === line}
            />
          ))}
        </ol>
      </div>
    </Scroll>
  );
}

/** Up and down go to the same button of the next line that has one. */
function moveInLines(e: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  const from = e.target instanceof HTMLElement ? e.target.closest('button') : null;
  if (by === undefined || from === null) return;
  const kind = from.classList.contains('stop') ? 'button.stop' : 'button.code-count:enabled';
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>(kind)];
  const next = all[all.indexOf(from) + by];
  e.preventDefault();
  e.stopPropagation();
  next?.focus();
}

type Tokens = ReturnType<typeof tokenize>;

const known = new WeakMap<SourceFile, Tokens>();

function tokensOf(file: SourceFile): Tokens {
  let tokens = known.get(file);
  if (tokens === undefined) {
    tokens = tokenize(file.lines);
    known.set(file, tokens);
  }
  return tokens;
}

const Line = memo(function Line({
  file,
  index,
  tokens,
  here,
}: {
  file: SourceFile;
  index: number;
  tokens: Tokens[number];
  here: boolean;
}): ReactNode {
  const sites = file.sitesOfLine.get(index);
  const text = tokens.map((t, i) =>
    t.kind === 'plain' ? (
      t.text
    ) : (
      <span key={i} className={`tok-${t.kind}`}>
        {t.text}
      </span>
    ),
  );
  if (sites === undefined)
    return (
      <li className="code-line">
        <span className="code-number">{index + 1}</span>
        <span className="code-count" />
        <code>{text}</code>
      </li>
    );
  return <SiteLine sites={sites} index={index} text={text} here={here} />;
});

/** Buttons of the current line are in the tab order; the arrow keys move from there to those of other lines. */
function SiteLine({
  sites,
  index,
  text,
  here,
}: {
  sites: readonly number[];
  index: number;
  text: ReactNode;
  here: boolean;
}): ReactNode {
  const tab = here ? 0 : -1;
  // A site may stand on several lines: only steps of this very line count as "here".
  const runHere = (): void => {
    if (loaded !== null) runToSites(sites, (step) => placeOfStep(loaded.recording, step)?.line === index);
  };
  const loaded = useLoaded();
  const stops = useApp((s) => s.breakpoints.has(sites[0] as number));
  const known = useKnown();
  const runs = Math.max(0, ...sites.map((s) => known?.siteCounts[s] ?? 0));
  const isHidden = runs === 0 && known?.hidden !== '';
  return (
    <li className={runs === 0 && !isHidden ? 'code-line never' : 'code-line'}>
      <button
        type="button"
        className="code-number stop"
        aria-pressed={stops}
        tabIndex={tab}
        aria-label={`Breakpoint at line ${index + 1}`}
        title={stops ? 'Remove the breakpoint' : 'Set a breakpoint'}
        onClick={() => breakAt(sites)}
      >
        {index + 1}
      </button>
      <button
        type="button"
        className="code-count"
        tabIndex={tab}
        {...countOf(index + 1, runs, isHidden)}
        onClick={runs === 0 && !isHidden ? () => reach(sites[0] as number) : runHere}
      >
        {isHidden ? '·' : runs === 0 ? '?' : compact(runs)}
      </button>
      <code>{text}</code>
    </li>
  );
}

/** What the button of a line's count is called, and says. */
function countOf(line: number, runs: number, isHidden: boolean): { 'aria-label': string; title: string } {
  if (isHidden)
    return {
      'aria-label': `Run to line ${line}; it has not run so far`,
      title: 'Its statement has not run so far: run to it, if it does',
    };
  if (runs === 0)
    return {
      'aria-label': `Search for a memory that makes line ${line} run`,
      title: 'Does not run in this recording: search for a memory that makes it run',
    };
  return {
    'aria-label': `Run to line ${line}; it runs ${runs} times`,
    title: `Its statement runs ${runs} times: run to the next time`,
  };
}

/** Which memory makes this statement run? */
function reach(site: number): void {
  const { fn, label } = siteInfo(site);
  void import('../../session/search/search.ts').then((s) => s.ask({ kind: 'site', site: `${fn}:${label}` }));
}

/** 1234 as 1.2k, in at most four characters. */
function compact(n: number): string {
  if (n < 1000) return String(n);
  if (n < 1e6) return `${n < 10_000 ? (n / 1000).toFixed(1) : Math.round(n / 1000)}k`;
  return `${(n / 1e6).toFixed(1)}M`;
}
