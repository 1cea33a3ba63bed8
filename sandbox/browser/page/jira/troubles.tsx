import { JIRA_TROUBLES, type JiraTrouble } from '../../protocol.ts';
import { act } from '../act.ts';
import { useStore } from '../store.ts';

const WORDS: Record<JiraTrouble, string> = {
  none: 'answers',
  slow: 'answers slowly, in 1.5 seconds',
  rate_limited: 'asks to slow down (429)',
  server_error: 'fails (500)',
  garbage: 'answers garbage',
  down: 'is down',
};

/** What is wrong with Jira. */
export function JiraTroubles() {
  const trouble = useStore((state) => state.jira?.trouble);
  return (
    <label className="trouble">
      <span>Jira</span>
      <select value={trouble} onChange={({ target }) => act('jiraTrouble', { trouble: target.value as JiraTrouble })}>
        {JIRA_TROUBLES.map((name) => (
          <option key={name} value={name}>
            {WORDS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
