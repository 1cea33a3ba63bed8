export const webhookTroubles = ['lost', 'doubled', 'repeated', 'delayed', 'reordered', 'bare'] as const;

export type WebhookTroubleKind = (typeof webhookTroubles)[number];

/**
 * What goes wrong with events on their way. `doubled`: each comes twice, as when the first answer was lost. `repeated`: each
 * comes as two events of one change. `reordered`: each comes after the one that follows it. `bare`: each lacks what is often
 * missing, which is its user, the items of its changelog, and the text of its comment. `ms` is how long they are delayed, at
 * first five seconds.
 */
export type WebhookTrouble = {
  kind: WebhookTroubleKind;
  ms?: number;
  /** For so many events; without it until it is switched off. */
  times?: number;
};
