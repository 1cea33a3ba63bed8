import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const found = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why there can be no test in a browser; false when there can. */
export const noChromium: string | false =
  found === undefined &&
  'Chromium was not found. Install it (on Debian, apt-get install chromium), or set CHROMIUM to its path.';

/** Starts a Chromium that looks for nothing outside of this machine. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: found ?? '',
    args: [
      // Chromium's own sandbox runs neither as root nor in most containers, and the page is ours.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
