import { adfOf } from './adf.ts';
import type { Comment } from './comment.ts';
import type { Happening } from './happening.ts';
import type { By, Issue } from './issues.ts';
import type { Person } from './seed.ts';

/**
 * What people do to comments. Each act sets `updated` of the issue and leaves no history, as in Jira. A text becomes a document
 * of one paragraph.
 */
export type CommentActs = {
  comment(idOrKey: string, body: string | object, by?: By, more?: Pick<Comment, 'visibility' | 'properties'>): Comment;
  /** The author stays; `by` is who edited it. */
  editComment(idOrKey: string, id: string, body: string | object, by?: By): Comment;
  deleteComment(idOrKey: string, id: string, by?: By): void;
};

/** What of the issues the acts need. */
type Reach = {
  get(idOrKey: string): Issue;
  touch(issue: Issue): Issue;
  who(by: By | undefined): Person | null;
  happened(happening: Happening): void;
};

/** Comments get ascending ids from `firstId` on. */
export function commentActs(reach: Reach, firstId: number): { acts: CommentActs; nextId(): number } {
  const { get, touch, who, happened } = reach;
  let nextId = firstId;

  function find(issue: Issue, id: string): Comment {
    const comment = issue.comments.find((each) => each.id === id);
    if (comment === undefined) throw new Error(`${issue.key} has no comment ${id}.`);
    return comment;
  }

  const acts: CommentActs = {
    comment(idOrKey, body, by, more = {}) {
      const issue = get(idOrKey);
      const author = who(by);
      const at = touch(issue).updated;
      const comment: Comment = {
        id: String(nextId++),
        author,
        updateAuthor: author,
        body: documentOf(body),
        created: at,
        updated: at,
        jsdPublic: true,
        ...more,
      };
      issue.comments.push(comment);
      happened({ event: 'comment_created', issue, comment, by: author, at });
      return comment;
    },
    editComment(idOrKey, id, body, by) {
      const issue = get(idOrKey);
      const comment = find(issue, id);
      const updateAuthor = who(by);
      const at = touch(issue).updated;
      Object.assign(comment, { body: documentOf(body), updateAuthor, updated: at });
      happened({ event: 'comment_updated', issue, comment, by: updateAuthor, at });
      return comment;
    },
    deleteComment(idOrKey, id, by) {
      const issue = get(idOrKey);
      const comment = find(issue, id);
      const author = who(by);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      happened({ event: 'comment_deleted', issue, comment, by: author, at: touch(issue).updated });
    },
  };
  return { acts, nextId: () => nextId };
}

function documentOf(body: string | object): object {
  return typeof body === 'string' ? adfOf(body) : body;
}
