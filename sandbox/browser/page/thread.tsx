import { useState } from 'react';
import type { Message as SlackMessage } from '../../slack/index.ts';
import type { Workspace } from '../protocol.ts';
import { Aside } from './app.tsx';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { isSeen } from './seen.ts';
import { useStore } from './store.ts';

const NONE: readonly SlackMessage[] = [];

/** A message and what was replied to it. */
export function Thread({ channel, ts }: { channel: Workspace['channels'][number]; ts: string }) {
  const me = useStore((state) => state.me);
  const all = useStore((state) => state.messages[channel.id] ?? NONE);
  const [draft, setDraft] = useState('');
  const messages = all.filter((message) => isSeen(message, me) && (message.ts === ts || message.thread_ts === ts));
  return (
    <Aside title="Thread">
      <div className="thread">
        {messages.map((message) => (
          <Message message={message} replies={0} inThread key={message.ts} />
        ))}
      </div>
      <Composer channel={channel.id} thread_ts={ts} placeholder="Reply …" draft={draft} setDraft={setDraft} />
    </Aside>
  );
}
