/*
 * What runs in the page. Each function is sent there as text, so it uses nothing from outside itself. The marks that
 * the functions put are those of trace.ts.
 */

/**
 * Presses the key for one step, forward and backward in turns of ten. A stretch goes from a press to the end of the
 * frame that shows the step, or, with `settle`, until the panes that follow later have followed.
 */
export async function steppings({ count, settle }: { count: number; settle: boolean }): Promise<void> {
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve());
        port1.start();
        port2.postMessage(0);
      });
    });
  const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));
  for (let i = 0; i < count + 10; i++) {
    await frame();
    if (i >= 10) performance.mark('bench-begin');
    document.dispatchEvent(
      new KeyboardEvent('keydown', { key: i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true }),
    );
    await frame();
    if (settle) await rest();
    if (i >= 10) performance.mark('bench-end');
  }
}

/** Moves the slider to places all over the recording; a stretch goes from each move to the end of its frame. */
export async function jumpings(count: number): Promise<void> {
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve());
        port1.start();
        port2.postMessage(0);
      });
    });
  const slider = document.querySelector<HTMLInputElement>('input.scrubber');
  if (!slider) throw new Error('no slider');
  let x = 1;
  for (let i = 0; i < count + 5; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    await frame();
    if (i >= 5) performance.mark('bench-begin');
    // React watches the property of the element itself; the setter of the prototype tells it nothing.
    Reflect.set(HTMLInputElement.prototype, 'value', String(x % Number(slider.max)), slider);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    if (i >= 5) performance.mark('bench-end');
  }
}

/** Plays at so many steps per second for so many milliseconds, and marks each frame. */
export async function playing({ speed, duration }: { speed: number; duration: number }): Promise<void> {
  const select = document.querySelector<HTMLSelectElement>('.transport select');
  if (!select) throw new Error('no choice of speeds');
  select.value = String(speed);
  if (select.value !== String(speed)) throw new Error(`no speed ${speed}`);
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  document.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }));
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      performance.mark('bench-frame');
      if (performance.now() - begin > duration) resolve();
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  });
}

/** Turns the wheel on the stage in and out about places all over it, and drags it in between; marks each frame. */
export async function panAndZoom(count: number): Promise<void> {
  const stage = document.querySelector<HTMLElement>('.stage-view');
  if (!stage) throw new Error('no stage');
  const box = stage.getBoundingClientRect();
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        performance.mark('bench-frame');
        resolve();
      });
    });
  const point = (i: number): { clientX: number; clientY: number } => ({
    clientX: box.left + box.width * (0.3 + 0.4 * ((i * 0.37) % 1)),
    clientY: box.top + box.height * (0.3 + 0.4 * ((i * 0.61) % 1)),
  });
  const mouse = (type: string, at: { clientX: number; clientY: number }): void => {
    (type === 'mousedown' ? stage : window).dispatchEvent(
      new MouseEvent(type, { ...at, bubbles: true, cancelable: true, view: window, button: 0, buttons: 1 }),
    );
  };
  for (let turn = 0; turn * 40 < count; turn++) {
    const at = point(turn);
    for (let i = 0; i < 12; i++) {
      stage.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -90, bubbles: true, cancelable: true }));
      await frame();
    }
    mouse('mousedown', at);
    for (let i = 0; i < 16; i++) {
      mouse('mousemove', { clientX: at.clientX + i * 9, clientY: at.clientY + i * 5 });
      await frame();
    }
    mouse('mouseup', { clientX: at.clientX + 144, clientY: at.clientY + 80 });
    for (let i = 0; i < 12; i++) {
      stage.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: 90, bubbles: true, cancelable: true }));
      await frame();
    }
  }
}

/** Milliseconds by the clock on the wall from each movement of the slider's thumb to the end of the frame that shows it. */
export function watchSlider(): void {
  const slider = document.querySelector<HTMLInputElement>('input.scrubber');
  if (!slider) throw new Error('no slider');
  const seen: number[] = [];
  Object.assign(globalThis, { scrubMs: seen });
  // The event as the browser delivers it knows when the input happened.
  slider.addEventListener(
    'pointermove',
    (e) => {
      const asked = e.timeStamp;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => seen.push(performance.now() - asked));
        port1.start();
        port2.postMessage(0);
      });
    },
    { capture: true },
  );
}

/** Notes when the end of the frame that shows the first walk has come. Runs before the page's own scripts. */
export function watchFirstWalk(): void {
  const look = (): void => {
    if (document.querySelector('.stage svg g.row') === null) {
      requestAnimationFrame(look);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => Object.assign(globalThis, { firstWalk: performance.now() }));
    port1.start();
    port2.postMessage(0);
  };
  requestAnimationFrame(look);
}
