import { useState } from 'react';
import type { Board } from '../../protocol.ts';
import { act } from '../act.ts';

/** A new issue in Jira. `by` is who acts. */
export function Create({ project, by }: { project: Board['projects'][number]; by: string | null }) {
  const [summary, setSummary] = useState('');
  const [type, setType] = useState(project.types[1] ?? project.types[0] ?? '');
  return (
    <form
      className="create"
      onSubmit={async (event) => {
        event.preventDefault();
        if (summary.trim() === '') return;
        if (await act('createIssue', { project: project.key, summary: summary.trim(), type, by })) setSummary('');
      }}
    >
      <input
        aria-label="Summary of a new issue"
        placeholder={`A new issue in ${project.name}`}
        value={summary}
        onChange={({ target }) => setSummary(target.value)}
      />
      <select aria-label="Type" value={type} onChange={({ target }) => setType(target.value)}>
        {project.types.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <button type="submit" className="button">
        Create
      </button>
    </form>
  );
}
