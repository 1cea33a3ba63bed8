import { gather } from '../../doctor/facts.ts';
import { findingsIn } from '../../doctor/findings.ts';
import { doctorMessage } from '../../messages/doctor.ts';
import type { Answers } from './command.ts';

/** Says whether Maro, Slack, and Jira work, and what to do if one does not. */
export const doctor: Answers = async (_rest, _command, _context, deps) => doctorMessage(findingsIn(await gather(deps)));
