/** Why Slack did not take a message. Its message is a sentence for people, without a full stop so that more can follow. */
export class SlackTrouble extends Error {
  override name = 'SlackTrouble';
}

const NOT_POSTED = 'so nothing was posted';

/** Slack's own words for why it refuses a message. https://docs.slack.dev/reference/methods/chat.postMessage/#errors */
const SENTENCES: Readonly<Record<string, string>> = {
  not_in_channel: `Maro is not in this channel, ${NOT_POSTED} there. Invite it with /invite @Maro`,
  channel_not_found: `Slack shows Maro no such channel, ${NOT_POSTED}. If the channel is private, invite Maro with /invite @Maro`,
  is_archived: `The channel is archived, ${NOT_POSTED} there`,
  msg_too_long: `The message is longer than Slack takes, ${NOT_POSTED}. Shorten the note`,
  msg_blocks_too_long: `The message is longer than Slack takes, ${NOT_POSTED}. Shorten the note`,
  missing_scope: `Slack does not let Maro post, ${NOT_POSTED}. The person who runs Maro should install its manifest anew`,
  restricted_action: `This workspace does not let Maro post there, ${NOT_POSTED}. An admin can allow it`,
};

/** Slack says no, in its own `word`. */
export function refusedMessage(word: string, cause: unknown): SlackTrouble {
  const sentence = Object.hasOwn(SENTENCES, word)
    ? SENTENCES[word]
    : `Slack does not take the message (${word}), ${NOT_POSTED}`;
  return new SlackTrouble(sentence, { cause });
}

export function slowDown(seconds: number, cause: unknown): SlackTrouble {
  return new SlackTrouble(`Slack asks Maro to slow down, ${NOT_POSTED}. Try again in ${Math.ceil(seconds)} seconds`, {
    cause,
  });
}

/** No answer, or none that Slack gives: the message was sent once and may be there. */
export function doubtfulMessage(cause: unknown): SlackTrouble {
  return new SlackTrouble(
    'Slack did not answer in time, so the message may or may not be there; it was not sent again',
    {
      cause,
    },
  );
}

/** An earlier attempt may have sent the message, and Slack does not show the channel. */
export function unseenMessage(cause: unknown): SlackTrouble {
  return new SlackTrouble(
    'Maro was interrupted and cannot see whether the message was posted, so it did not post it now',
    { cause },
  );
}

/** A thread that Slack does not show, in its own `word`; undefined when it could not be asked. */
export function unreadThread(word: string | undefined, cause: unknown): SlackTrouble {
  const invited = 'Slack does not show Maro this thread. Invite it with /invite @Maro, or leave the thread out';
  const sentence =
    word === undefined ? 'Slack did not show Maro the thread in time. Try again, or leave it out' : invited;
  return new SlackTrouble(sentence, { cause });
}
