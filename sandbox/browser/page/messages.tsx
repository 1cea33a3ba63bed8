import { useCallback, useEffect, useRef } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { slackDate } from '../../slack/date.ts';
import type { Message } from '../../slack/index.ts';
import { now, useStore } from './store.ts';

type Props = {
  messages: readonly Message[];
  me: string;
  children(message: Message): React.ReactNode;
};

/** As near to the end counts as being there. */
const NEAR_PX = 40;
/** So long after a hand moved something, the list moves because of it, and not because it is measured anew. */
const BY_HAND_MS = 500;
const SETTLED_MS = 100;
const TODAY = 'today';

/**
 * Messages, of which those in sight are drawn. One stays at the newest until one scrolls up, and comes back to it with what
 * one has said oneself and what is said to oneself alone.
 */
export function Messages({ messages, me, children }: Props) {
  // The days stand between messages as they are at the sandbox's time.
  useStore((state) => state.switches?.aheadMs);
  const list = useRef<VirtuosoHandle>(null);
  const stays = useRef(true);
  const touched = useRef(0);
  const newest = messages.at(-1);
  const isMine = newest?.user === me || newest?.ephemeral_to === me;

  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  const settle = useCallback(() => {
    clearTimeout(settling.current);
    settling.current = setTimeout(() => {
      if (stays.current) list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
    }, SETTLED_MS);
  }, []);
  useEffect(() => () => clearTimeout(settling.current), []);

  useEffect(() => {
    if (messages.length === 0) return;
    if (isMine) stays.current = true;
    // Virtuoso follows by itself, unless more comes than it can measure meanwhile.
    settle();
  }, [messages, isMine, settle]);

  const touch = () => {
    touched.current = Date.now();
  };
  function scrolled({ scrollTop, scrollHeight, clientHeight }: HTMLElement): void {
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (isNear || Date.now() - touched.current < BY_HAND_MS) stays.current = isNear;
  }

  return (
    <Virtuoso
      ref={list}
      className="messages"
      data={messages}
      computeItemKey={(_, { ts }) => ts}
      initialTopMostItemIndex={messages.length - 1}
      alignToBottom
      followOutput={() => (stays.current || isMine ? 'auto' : false)}
      totalListHeightChanged={settle}
      onWheel={touch}
      onTouchMove={touch}
      onKeyDown={touch}
      onPointerDown={({ target, currentTarget }) => target === currentTarget && touch()}
      onScroll={({ currentTarget }) => scrolled(currentTarget)}
      itemContent={(index, message) => {
        const day = dayOf(message);
        const before = messages[index - 1];
        return (
          <>
            {before === undefined ? day !== TODAY && <Day day={day} /> : day !== dayOf(before) && <Day day={day} />}
            {children(message)}
          </>
        );
      }}
    />
  );
}

/** The day of a message in words, such as `yesterday` or `Thursday, November 26, 2026`. */
function dayOf({ ts }: Message): string {
  return slackDate(Number(ts), '{date_long_pretty}', '', now());
}

/** Stands above the first message of a day. Where all is of today, no day stands there. */
function Day({ day }: { day: string }) {
  return <p className="day">{day}</p>;
}
