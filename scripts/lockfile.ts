/**
 * npm run lockfile, after adding or updating a package: completes package-lock.json for every platform.
 *
 * npm leaves an optional package out of the lockfile when the registry at hand does not have it, and `npm ci` then
 * refuses the lockfile on every computer. The missing entries are platform builds, whose exact versions their parent
 * names; the platform is in their own name. They get no hash, because nobody here could compute one.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** As much of package-lock.json as matters here: entries by their place below the project. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>;
}

/** The places of optional packages that some entry asks for and the lockfile does not have. */
export function missingOptional(lock: Lockfile): string[] {
  return [...missing(lock).keys()];
}

/** The lockfile with the missing platform builds added. */
export function completed(lock: Lockfile): Lockfile {
  const added = [...missing(lock)].map(([place, { version, dev }]) => {
    const { os, cpu, libc } = platformOf(place);
    // npm's own order, here and below, so that npm leaves the file as it is.
    return [place, { version, cpu, ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os }] as const;
  });
  const all = [...Object.entries(lock.packages), ...added];
  return { ...lock, packages: Object.fromEntries(all.toSorted(([a], [b]) => a.localeCompare(b, 'en'))) };
}

function missing({ packages }: Lockfile): Map<string, { version: string; dev: boolean | undefined }> {
  const found = new Map<string, { version: string; dev: boolean | undefined }>();
  for (const [parent, { dev, optionalDependencies }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      const exact = /^\d/.test(version);
      const there = candidates(parent, name).map((place) => packages[place]?.version);
      // A range was npm's to resolve: any version that is there is the one it chose.
      if (there.some((each) => each !== undefined && (!exact || each === version))) continue;
      // Beside its parent, where npm puts the builds that it does find.
      found.set(`${parent.slice(0, parent.lastIndexOf('node_modules/'))}node_modules/${name}`, { version, dev });
    }
  }
  return found;
}

/** The places where node would look for `name` from `parent`, nearest first. */
function candidates(parent: string, name: string): string[] {
  const chain = parent.split(/\/?node_modules\//).slice(1);
  return [...chain, name].map((_, up) => {
    const above = chain.slice(0, chain.length - up);
    return `node_modules/${[...above, name].join('/node_modules/')}`;
  });
}

/** The platform in a name like @oxlint/binding-linux-arm64-musl, in the words of a lockfile. */
function platformOf(place: string): { os: string[]; cpu: string[]; libc?: string[] } {
  const words = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)(?:-([a-z]+))?$/;
  const [, os, cpu, abi] = words.exec(place) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`${place} names no platform; add it by hand`);
  const libc = abi === undefined || os !== 'linux' ? undefined : abi.startsWith('musl') ? 'musl' : 'glibc';
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

if (process.argv[1]?.endsWith('lockfile.ts')) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
  const places = missingOptional(lock);
  if (places.length > 0) writeFileSync('package-lock.json', `${JSON.stringify(completed(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${places.length} platform builds added`);
}
