import type { Problems } from './error.ts';
import { LIMIT } from './limits.ts';
import type { ScenarioRequest } from './types.ts';

/** Objects to a request that no call could make, or that would take too long. */
export function checkRequest(request: ScenarioRequest, path: string, problems: Problems): void {
  checkRange(request.start, request.end, path, problems);
  checkDevice(request.device, `${path}.device`, problems);
}

/** Objects to a range of pages that is empty, too long or too far away. */
export function checkRange(start: number, end: number, path: string, problems: Problems): void {
  if (!(start < end)) {
    const message = `the range [${start}, ${end}) is empty: the end must come after the start.`;
    problems.add(path, `an end after ${start}`, end, message);
  } else if (end - start > LIMIT.PAGES) {
    const message = `${end - start} pages are too many for one request: at most ${LIMIT.PAGES} (4 GiB).`;
    problems.add(path, `at most ${LIMIT.PAGES} pages`, end - start, message);
  } else if (start < -LIMIT.PAGE || end > LIMIT.PAGE) {
    const message = `the range [${start}, ${end}) is too far from page 0.`;
    problems.add(path, `pages within ±${LIMIT.PAGE}`, `[${start}, ${end})`, message);
  }
}

/** Objects to a device that the model does not have. */
export function checkDevice(device: number, path: string, problems: Problems): void {
  if (device >= 0 && device < LIMIT.DEVICES) return;
  problems.add(
    path,
    '0 to 3',
    device,
    `there is no device ${device}: 0 and 1 are device-private, 2 and 3 device-coherent.`,
  );
}
