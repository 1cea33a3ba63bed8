import { LIFE_EVENTS } from './channel-life.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The types of events for which Maro has a listener. */
const EVENTS = new Set<unknown>(['app_home_opened', 'app_mention', 'function_executed', 'message', ...LIFE_EVENTS]);

/**
 * Whether one of Maro's listeners handles a delivery. Bolt acknowledges a delivery without a listener only if it is an
 * event, and answers any other with 404 after three seconds.
 */
export function isHandled(body: unknown): boolean {
  const fields = fieldsOf(body);
  if (fields.event !== undefined) {
    const { type, function_execution_id } = fieldsOf(fields.event);
    // Bolt throws before it calls a listener if a step has no execution.
    return EVENTS.has(type) && (type !== 'function_executed' || isName(function_execution_id));
  }
  if (fields.command !== undefined) return isName(fields.command);
  switch (fields.type) {
    case 'block_actions':
      return Array.isArray(fields.actions) && isName(fieldsOf(fields.actions[0]).action_id) && isObject(fields.user);
    case 'block_suggestion':
      return isName(fields.action_id);
    case 'message_action':
    case 'shortcut':
      return isName(fields.callback_id) && isObject(fields.user);
    case 'view_closed':
    case 'view_submission':
      return typeof fieldsOf(fields.view).callback_id === 'string' && isObject(fields.user);
    default:
      return false;
  }
}

/** The type of a delivery and of its event, for the log. A type that is not a plain name may be something that people wrote. */
export function typesOf(body: unknown): { type: string | undefined; event: string | undefined } {
  const { type, event } = fieldsOf(body);
  return { type: plainName(type), event: plainName(fieldsOf(event).type) };
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function plainName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z_.]{0,49}$/.test(value) ? value : undefined;
}
