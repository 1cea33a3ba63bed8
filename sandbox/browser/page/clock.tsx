import { useEffect, useState } from 'react';
import { act } from './act.ts';
import { Aside } from './app.tsx';
import { now, useStore } from './store.ts';

const HOUR_MS = 3_600_000;
const STEPS = [
  { label: '1 hour', ms: HOUR_MS },
  { label: '1 day', ms: 24 * HOUR_MS },
  { label: '1 week', ms: 7 * 24 * HOUR_MS },
];

/** What time it is where the person is, and how to make it later. */
export function ClockPanel() {
  const me = useStore((state) => state.me);
  const zone = useStore((state) => state.workspace?.users.find(({ id }) => id === state.me)?.zone);
  const aheadMs = useStore((state) => state.switches?.aheadMs ?? 0);
  const [isMoving, setMoving] = useState(false);
  const [, tick] = useState(0);
  useEffect(() => {
    const ticking = setInterval(() => tick((count) => count + 1), 1_000);
    return () => clearInterval(ticking);
  }, []);
  const time = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium', timeZone: zone }).format(now());
  // The buttons stay enabled, since a button that is disabled loses the focus.
  const move = async (start: () => Promise<unknown>) => {
    if (isMoving) return;
    setMoving(true);
    await start();
    setMoving(false);
  };
  return (
    <Aside title="Clock">
      <section className="group">
        <p>
          <time>{time}</time>
          <br />
          <small>
            {zone}
            {aheadMs === 0 ? '' : ` · ${lengthOf(aheadMs)} ahead`}
          </small>
        </p>
        <h3>Move ahead</h3>
        <div className="steps">
          <button
            type="button"
            className="button"
            aria-disabled={isMoving}
            onClick={() => move(() => act('sleepUntilMorning', { user: me }))}
          >
            To 9:00 tomorrow
          </button>
          {STEPS.map(({ label, ms }) => (
            <button
              type="button"
              className="button"
              aria-disabled={isMoving}
              key={label}
              onClick={() => move(() => act('moveClock', { ms }))}
            >
              {label}
            </button>
          ))}
        </div>
        <small>
          Slack, Jira, Maro, and its database all get the later time, and Maro does at once what has become due. The
          clock never goes back. To start over, run the sandbox with --fresh.
        </small>
      </section>
    </Aside>
  );
}

function lengthOf(ms: number): string {
  const hours = Math.round(ms / HOUR_MS);
  const days = Math.floor(hours / 24);
  return [days > 0 ? `${days} d` : '', `${hours % 24} h`].filter((part) => part !== '').join(' ');
}
