import { useState } from 'react';
import type { Traffic } from '../protocol.ts';
import { Aside } from './app.tsx';
import { useStore } from './store.ts';

const ALL = 'Everything';
const BETWEEN = [ALL, 'Slack → Maro', 'Maro → Slack', 'Maro → Jira', 'Jira → Maro'] as const;

/** All that goes over the wires, the newest first. */
export function TrafficPanel() {
  const traffic = useStore((state) => state.traffic);
  const [between, setBetween] = useState<string>(ALL);
  const [text, setText] = useState('');
  const shown = traffic
    .filter((each) => between === ALL || each.between === between)
    .filter((each) => text === '' || JSON.stringify(each).toLowerCase().includes(text.toLowerCase()))
    .toReversed();
  return (
    <Aside title="Inspector">
      <div className="filter">
        <select aria-label="Sender and receiver" value={between} onChange={({ target }) => setBetween(target.value)}>
          {BETWEEN.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <input
          type="search"
          aria-label="Filter"
          placeholder="Filter by any text"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <p className="note">
        Showing {shown.length} of the latest {traffic.length}, newest first. Tokens are masked.
      </p>
      <ol className="traffic">
        {shown.map((each) => (
          <Row entry={each} key={each.id} />
        ))}
      </ol>
    </Aside>
  );
}

function Row({ entry }: { entry: Traffic }) {
  const { at, between, name, sent, answer, bad } = entry;
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={bad ? 'bad' : ''}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time>{new Date(at).toISOString().slice(11, 23)}</time>
          <span className="between">{between}</span>
          <code>{name}</code>
        </summary>
        {isOpen ? (
          <>
            <h4>Sent</h4>
            <pre className="json">{JSON.stringify(sent ?? null, null, 2)}</pre>
            <h4>Answer</h4>
            <pre className="json">{answer === undefined ? 'None yet' : JSON.stringify(answer, null, 2)}</pre>
          </>
        ) : null}
      </details>
    </li>
  );
}
