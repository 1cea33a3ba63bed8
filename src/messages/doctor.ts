import type { Finding } from '../doctor/finding.ts';
import type { Message } from '../slack/message.ts';
import { words } from './views.ts';

const MARKS = { ok: ':white_check_mark:', note: ':information_source:', wrong: ':warning:' } as const;

/** How Maro does, one line for each finding, for everybody: with codes for operators, and without what only they may know. */
export function doctorMessage(findings: readonly Finding[]): Message {
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  const heading = wrong === 0 ? 'Maro is doing well' : wrong === 1 ? '1 thing is wrong' : `${wrong} things are wrong`;
  const lines = findings.map((finding) => {
    const code = finding.state === 'ok' ? '' : ` (code ${finding.code})`;
    return `${MARKS[finding.state]} ${finding.says}${code}`;
  });
  const advice = wrong === 0 ? [] : ['Your Maro admin can find out more with `npm run doctor`.'];
  return {
    text: `${heading}.`,
    blocks: [words(`*${heading}*`), words([...lines, ...advice].join('\n'))],
  };
}
