import { cpus } from 'node:os';
import { noChromium } from '../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../sandbox/browser/driver.ts';
import { median, spread } from './statistics.ts';

/** How quick the sandbox's page is, on this machine: "npm run bench:sandbox". */
const ROUNDS = 5;
const MESSAGES = 5_000;
const SCROLLED_FRAMES = 120;

if (noChromium) {
  console.error(`Nothing was measured. ${noChromium}`);
  process.exit(1);
}
const driver = await openPage();
const rows = [
  ['page ready after it is opened', await times(() => load(driver)), 'under 1,000 ms'],
  ['answer on the screen after Maro sent it', await times((round) => answer(driver, round)), 'within 100 ms'],
  [`longest of ${SCROLLED_FRAMES} frames, scrolling ${MESSAGES} messages`, await scroll(driver), 'smooth: about 50 ms'],
] as const;
await driver.stop();
console.log(`${cpus().length} cores ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, headless Chromium\n`);
console.log('| what | median (least–most) of five | target |\n| --- | --- | --- |');
for (const [what, figures, target] of rows) {
  const { least, most } = spread(figures);
  console.log(`| ${what} | ${ms(median(figures))} (${ms(least)}–${ms(most)}) | ${target} |`);
}
process.exit(0);

function ms(figure: number): string {
  return `${Math.round(figure).toLocaleString('en')} ms`;
}

async function times(measure: (round: number) => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) figures.push(await measure(round));
  return figures;
}

async function load({ page, composer }: Driver): Promise<number> {
  const from = performance.now();
  await page.reload();
  await composer.waitFor();
  return performance.now() - from;
}

/** From Maro's acknowledgement to the frame in which its answer is drawn, by this machine's one clock. */
async function answer({ page, sandbox, say }: Driver, round: number): Promise<number> {
  const drawn = page.evaluate<number>(
    `new Promise((resolve) => new MutationObserver((_, observer) => {
      if (!document.body.textContent.includes('ZZ-${round + 1}: was not tracked')) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(Date.now()));
    }).observe(document.body, { childList: true, subtree: true, characterData: true }))`,
  );
  await say(`/maro untrack ZZ-${round + 1}`);
  const shown = await drawn;
  return shown - (sandbox.slack.log.findLast(({ kind }) => kind === 'ack')?.at ?? Number.NaN);
}

async function scroll({ page, sandbox, message }: Driver): Promise<number[]> {
  await page.getByRole('button', { name: 'platform' }).click();
  for (let i = 1; i <= MESSAGES; i++) sandbox.slack.post(`Message number ${i}.`, { channel: 'C2', user: 'U0BEN' });
  await message(`Message number ${MESSAGES}.`).waitFor();
  return await times(() =>
    page.evaluate<number>(
      `new Promise((resolve) => {
        const list = document.querySelector('.messages');
        let last = performance.now(), longest = 0, left = ${SCROLLED_FRAMES};
        const step = (now) => {
          longest = Math.max(longest, now - last);
          last = now;
          list.scrollTop -= 400;
          if (left-- > 0) requestAnimationFrame(step);
          else resolve(longest);
        };
        requestAnimationFrame(step);
      })`,
    ),
  );
}
