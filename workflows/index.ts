import { CreateAndTrack } from './create_and_track.ts';
import { LinkAndTrack } from './link_and_track.ts';
import { StoriesAndTrack } from './stories_and_track.ts';

/** Chains of Maro's functions. Each function also works alone, as a step in Workflow Builder. */
export const workflows = [CreateAndTrack, LinkAndTrack, StoriesAndTrack];
