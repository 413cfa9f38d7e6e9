/**
 * A step as people count: the first is step 1, and 0 is the state before it. Links (`n=`), JSON and traces keep the
 * index, which counts from 0 (-1 is before the first).
 */
export const stepNumber = (step: number): number => step + 1;

/** `61 of 200`: a step among all of a recording. */
export const stepAmong = (step: number, length: number): string => `${stepNumber(step)} of ${length}`;
