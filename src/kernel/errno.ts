/** Kernel error numbers that the modelled code returns (negated), include/uapi/asm-generic/errno*.h. */
export const EPERM = 1;
export const ENOENT = 2;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EINVAL = 22;
export const ERANGE = 34;

const NAMES: Readonly<Record<number, string>> = {
  [EPERM]: 'EPERM',
  [ENOENT]: 'ENOENT',
  [EAGAIN]: 'EAGAIN',
  [ENOMEM]: 'ENOMEM',
  [EFAULT]: 'EFAULT',
  [EBUSY]: 'EBUSY',
  [EINVAL]: 'EINVAL',
  [ERANGE]: 'ERANGE',
};

/** `0`, `-EBUSY` …; a value that is no error number is printed as it is. */
export function errnoName(ret: number): string {
  const name = ret < 0 ? NAMES[-ret] : undefined;
  return name ? `-${name}` : String(ret);
}
