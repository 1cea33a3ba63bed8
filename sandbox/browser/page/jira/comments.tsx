import { useState } from 'react';
import type { BoardIssue } from '../../protocol.ts';
import { act } from '../act.ts';
import { Menu } from '../menu.tsx';

type Comment = BoardIssue['comments'][number];

/** The comments on an issue, and a field for another. `by` is who acts. */
export function Comments({ issue, by }: { issue: BoardIssue; by: string | null }) {
  const { id, key, comments } = issue;
  return (
    <details className="comments">
      <summary>{comments.length === 1 ? '1 comment' : `${comments.length} comments`}</summary>
      {comments.map((comment) => (
        <One comment={comment} issue={issue} by={by} key={comment.id} />
      ))}
      <Draft
        label={`New comment on ${key}`}
        button="Comment"
        send={(text) => act('commentIssue', { id, text, by })}
        text=""
      />
    </details>
  );
}

function One({ comment, issue, by }: { comment: Comment; issue: BoardIssue; by: string | null }) {
  const [isEdited, setEdited] = useState(false);
  const which = { id: issue.id, comment: comment.id, by };
  const edit = async (text: string) => {
    const edited = await act('editComment', { ...which, text });
    if (edited) setEdited(false);
    return edited;
  };
  if (isEdited) return <Draft label="Text of the comment" button="Save" send={edit} text={comment.text} />;
  return (
    <div className="comment">
      <p>
        <strong>{comment.author ?? 'Somebody'}</strong> {comment.text}
      </p>
      <Menu label={`More for the comment of ${comment.author ?? 'somebody'}`} sign="⋯">
        {[
          { label: 'Edit comment', choose: () => setEdited(true) },
          { label: 'Delete comment', choose: () => act('deleteComment', which) },
        ]}
      </Menu>
    </div>
  );
}

/** A text that is sent, and empty afterward when it was taken. */
function Draft(props: { label: string; button: string; text: string; send(text: string): Promise<unknown> }) {
  const { label, button, send } = props;
  const [text, setText] = useState(props.text);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (text.trim() !== '' && (await send(text.trim()))) setText('');
      }}
    >
      <textarea aria-label={label} rows={2} value={text} onChange={({ target }) => setText(target.value)} />
      <button type="submit" className="button">
        {button}
      </button>
    </form>
  );
}
