import { useState } from 'react';
import type { Board, BoardIssue } from '../../protocol.ts';
import { act } from '../act.ts';
import { Menu } from '../menu.tsx';

/** An issue on the board. */
export function Card({ issue, board }: { issue: BoardIssue; board: Board }) {
  const { id, key, summary, status, assignee, forbidden } = issue;
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const project = board.projects.find((each) => each.key === issue.project);
  const others = board.projects.filter((each) => each.key !== issue.project);
  const handle = board.people.find(({ name }) => name === assignee)?.handle ?? '';
  return (
    <article className={`card ${forbidden ? 'forbidden' : ''}`} aria-label={key}>
      <header>
        <strong>{key}</strong>
        <small>{issue.type}</small>
        <Menu label={`More for ${key}`} sign="⋯">
          {[
            { label: 'Edit summary', choose: () => setDraft(summary) },
            ...others.map((other) => ({
              label: `Move to ${other.name}`,
              choose: () => act('moveIssue', { id, project: other.key }),
            })),
            {
              label: forbidden ? 'Show it to Maro’s login' : 'Hide it from Maro’s login',
              choose: () => act('forbidIssue', { id, on: !forbidden }),
            },
            { label: 'Delete', choose: () => act('deleteIssue', { id }) },
          ]}
        </Menu>
      </header>
      {draft === undefined ? (
        <p>{summary}</p>
      ) : (
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await act('editIssue', { id, summary: draft })) setDraft(undefined);
          }}
        >
          <textarea
            aria-label={`Summary of ${key}`}
            rows={3}
            value={draft}
            onChange={({ target }) => setDraft(target.value)}
          />
          <button type="submit" className="button">
            Save
          </button>
        </form>
      )}
      {forbidden ? <small className="tag">hidden from Maro</small> : null}
      <div className="card-foot">
        <select
          aria-label={`Status of ${key}`}
          value={status}
          onChange={({ target }) => act('editIssue', { id, status: target.value })}
        >
          {project?.statuses.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          aria-label={`Assignee of ${key}`}
          value={handle}
          onChange={({ target }) => act('editIssue', { id, assignee: target.value === '' ? null : target.value })}
        >
          <option value="">nobody</option>
          {board.people.map(({ handle, name }) => (
            <option key={handle} value={handle}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </article>
  );
}
