import { createRef } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { Recording } from '../../recording/recording.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { stepSentence } from '../../recording/narrate.ts';
import { stageScene } from '../../scene/stage-scene.ts';
import { stageSummary } from '../../scene/stage-text.ts';
import { StagePainter } from '../stage/painter.ts';
import { STILL } from '../stage/paint/motion.ts';
import { Patterns } from '../stage/patterns.tsx';
import type { Faces } from './faces.ts';
import { flatten } from './flatten.ts';

/** Colours of a picture, and whether it has a ground of its own. */
export const GROUNDS = [
  { id: 'light', title: 'Light, for print', theme: 'light', filled: true },
  { id: 'dark', title: 'Dark', theme: 'dark', filled: true },
  { id: 'clear-light', title: 'Transparent, for light slides', theme: 'light', filled: false },
  { id: 'clear-dark', title: 'Transparent, for dark slides', theme: 'dark', filled: false },
] as const;
export type Ground = (typeof GROUNDS)[number];

/** The stage at one step, drawn and flattened. */
export interface Panel {
  readonly step: number;
  /** what is inside of the svg element */
  readonly body: string;
  /** what the step does, for the line below */
  readonly caption: string;
  /** the panel in words */
  readonly summary: string;
}

/** Draws steps of a recording, off the screen, in a size and on a ground of its own. To be closed after use. */
export class Studio {
  readonly w: number;
  readonly h: number;
  readonly ground: Ground;
  /** colours and faces that the frame around the panels is drawn with */
  readonly ink: string;
  readonly ink2: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
  /** the faces that the picture carries, as a style sheet; '' = none */
  readonly faces: string;
  readonly defs: string;
  private readonly host: HTMLElement;
  private readonly root: ReturnType<typeof createRoot>;
  private readonly painter: StagePainter;
  private readonly group: SVGGElement;

  /** @param faces what the picture is drawn with and carries; null = the page's own faces, and none in it */
  constructor(w: number, h: number, ground: Ground, faces: Faces | null) {
    this.w = w;
    this.h = h;
    this.ground = ground;
    this.host = document.createElement('div');
    this.host.dataset['theme'] = ground.theme;
    this.host.className = 'studio';
    this.host.style.width = `${w}px`;
    this.host.style.height = `${h}px`;
    this.host.setAttribute('aria-hidden', 'true');
    if (faces !== null) {
      const { style } = this.host;
      style.setProperty('--font-mono', `'${faces.mono}', monospace`);
      style.setProperty('--font-sans', `'${faces.sans}', sans-serif`);
      style.fontFamily = 'var(--font-sans)';
    }
    this.faces = faces?.css ?? '';
    document.body.append(this.host);
    const group = createRef<SVGGElement>();
    this.root = createRoot(this.host);
    flushSync(() =>
      this.root.render(
        <div className="stage">
          <div className="stage-view">
            <svg>
              <Patterns />
              <g ref={group} />
            </svg>
          </div>
        </div>,
      ),
    );
    if (group.current === null) throw new Error('the studio has no stage');
    this.group = group.current;
    this.painter = new StagePainter(this.group);
    const style = getComputedStyle(this.host);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    this.ink = colour('--ink');
    this.ink2 = colour('--ink-2');
    this.line = colour('--line-strong');
    this.surface = colour('--surface');
    this.font = style.fontFamily.replaceAll('"', "'");
    this.defs = flatten(this.host.querySelector('defs') as SVGElement);
  }

  /** The stage after `step`. The recording stands where it stood when this returns. */
  panel(recording: Recording, step: number, voice: 'student' | 'reviewer'): Panel {
    const stood = recording.position;
    try {
      recording.seek(step);
      const scene = stageScene(recording, step, { w: this.w, h: this.h, pin: -1 });
      this.painter.draw(recording, scene, STILL);
      const site = recording.machine.log.site[step];
      const fn = step < 0 || site === undefined ? '' : `${functionOfSite(site).name}(): `;
      return {
        step,
        body: flatten(this.group),
        caption: `${fn}${stepSentence(recording, step, voice)}`,
        summary: stageSummary(recording, scene.model),
      };
    } finally {
      recording.seek(stood);
    }
  }

  close(): void {
    this.root.unmount();
    this.host.remove();
  }
}
