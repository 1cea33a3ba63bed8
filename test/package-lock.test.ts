import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type Lockfile = { packages: Record<string, { version?: string; integrity?: string; resolved?: string }> };

const lockfile = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as Lockfile;

/** What is wrong with a lockfile, a sentence for each package; the project itself is the one without a name. */
function problemsOf({ packages }: Lockfile): string[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { version, integrity = '', resolved }]) => [
      ...(/^sha512-[\w+/]{86}==$/.test(integrity)
        ? []
        : [`${path} ${version} has no integrity: "npm view ${name(path)}@${version} dist.integrity" prints it.`]),
      ...(resolved === undefined ? [] : [`${path} names an address, ${resolved}: leave "resolved" out.`]),
    ]);
}

const name = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

test('the lockfile has the integrity of every package, for every platform, and names no address', () => {
  assert.ok(Object.keys(lockfile.packages).length > 200);
  assert.deepEqual(problemsOf(lockfile), []);
});

test('a lockfile with less, or with more, would be found out', () => {
  const [path, entry] = Object.entries(lockfile.packages)[1] ?? assert.fail();
  const { integrity, ...without } = entry;
  const found = (changed: object) => problemsOf({ packages: { ...lockfile.packages, [path]: changed } });
  assert.match(found(without).join('\n'), /^\S+ \S+ has no integrity: .*$/);
  assert.match(found({ ...entry, integrity: 'sha1-x' }).join('\n'), /has no integrity/);
  assert.match(found({ ...entry, resolved: 'https://packages.example/x.tgz' }).join('\n'), /^\S+ names an address/);
});
