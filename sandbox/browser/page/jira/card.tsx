import { useEffect, useRef, useState } from 'react';
import type { IssueChange } from '../../../jira/index.ts';

import type { Board, BoardIssue } from '../../protocol.ts';
import { act } from '../act.ts';
import { cardId } from '../links.ts';
import { Menu } from '../menu.tsx';
import { Comments } from './comments.tsx';

type Props = { issue: BoardIssue; board: Board; by: string | null; isPointedAt: boolean };

/** An issue on the board. It takes the focus when a link leads to it. `by` is who acts. */
export function Card({ issue, board, by, isPointedAt }: Props) {
  const { id, key, summary, status, priority, assignee, duedate, forbidden } = issue;
  const edit = (change: IssueChange) => act('editIssue', { id, by, ...change });
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const project = board.projects.find((each) => each.key === issue.project);
  const others = board.projects.filter((each) => each.key !== issue.project);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isPointedAt) card.current?.focus();
  }, [isPointedAt]);
  const field = useRef<HTMLTextAreaElement>(null);
  const isEdited = draft !== undefined;
  useEffect(() => {
    if (isEdited) field.current?.focus();
  }, [isEdited]);
  const handle = board.people.find(({ name }) => name === assignee)?.handle ?? '';
  return (
    <article
      className={`card ${forbidden ? 'forbidden' : ''}`}
      aria-label={key}
      id={cardId(key)}
      tabIndex={-1}
      ref={card}
    >
      <header>
        <strong>{key}</strong>
        <small>{issue.type}</small>
        <Menu label={`More for ${key}`} sign="⋯">
          {[
            { label: 'Edit summary', choose: () => setDraft(summary) },
            ...others.map((other) => ({
              label: `Move to ${other.name}`,
              choose: () => act('moveIssue', { id, project: other.key, by }),
            })),
            {
              label: forbidden ? 'Show to Maro' : 'Hide from Maro',
              choose: () => act('forbidIssue', { id, on: !forbidden }),
            },
            { label: 'Delete', choose: () => act('deleteIssue', { id, by }) },
          ]}
        </Menu>
      </header>
      {draft === undefined ? (
        <p>{summary}</p>
      ) : (
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await edit({ summary: draft })) setDraft(undefined);
          }}
        >
          <textarea
            ref={field}
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
          onChange={({ target }) => edit({ status: target.value })}
        >
          {project?.statuses.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select
          aria-label={`Assignee of ${key}`}
          value={handle}
          onChange={({ target }) => edit({ assignee: target.value === '' ? null : target.value })}
        >
          <option value="">Unassigned</option>
          {board.people.map(({ handle, name }) => (
            <option key={handle} value={handle}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={`Priority of ${key}`}
          value={priority ?? ''}
          onChange={({ target }) => edit({ priority: board.priorities.find((name) => name === target.value) ?? null })}
        >
          <option value="">No priority</option>
          {board.priorities.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input
          type="date"
          aria-label={`Due date of ${key}`}
          value={duedate ?? ''}
          onChange={({ target }) => edit({ duedate: target.value === '' ? null : target.value })}
        />
      </div>
      <Comments issue={issue} by={by} />
    </article>
  );
}
