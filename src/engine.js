import module from 'node:module';

// Loaded before the program (see "start" in package.json), in plain JavaScript: an older Node cannot read the TypeScript
// that would tell it so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Maro needs Node 22.18 or newer and this is Node ${process.versions.node}. Nothing was started. ` +
      'Install a newer Node, or use "npm run dev" or "npm run sandbox", which bring their own.',
  );
  process.exit(1);
}

// Node keeps what it compiles, which halves the time of the next start. Where this folder cannot be written, it compiles anew.
module.enableCompileCache(new URL('../node_modules/.cache/maro/compiled', import.meta.url).pathname);
