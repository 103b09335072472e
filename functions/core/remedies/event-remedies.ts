import { pauseJobOffer } from "../actions/database/pause-job.ts";
import { propose } from "../actions/propose.ts";
import { protectedName } from "../facts/protected.ts";
import { eventBehind } from "../facts/scheduled-events.ts";
import type { View } from "../facts/view.ts";
import { mysqlScheduledEventsRows, type ScheduledEventRow } from "../probes/mysql/scheduled-events-rows.ts";
import { goesOn, type ItsJob } from "./cron-remedies.ts";
import { protectedStatement } from "./untouchable.ts";

/** A14: where it is an event of the scheduler that hurts, whose it is, and that it can be paused. Null: it is none. */
export function itsEvent(view: View, subject: string): ItsJob | null {
  const behind = eventBehind(view, subject);
  if (behind === null) return null;
  const { says, actions } =
    behind.kind === "event" ? tellEvent(view, behind.event) : tellMaybe(behind.events, behind.because);
  return { evidence: { source: mysqlScheduledEventsRows.id, says }, actions };
}

type Told = { readonly says: string; readonly actions: ItsJob["actions"] };

function tellEvent(view: View, event: ScheduledEventRow): Told {
  const { schema, name, definer, schedule, status, body } = event;
  const is = `it is event ${schema}.${name} of the scheduler (${schedule}), of ${definer}`;
  const user = definer.slice(0, definer.lastIndexOf("@"));
  const alone =
    protectedName("user", user, view.policy.protectedUsers) ?? protectedStatement(body, view.policy);
  if (alone !== null) return { says: `${is}; not touched: ${alone}`, actions: [] };
  if (status === "DISABLED") return { says: `${is}, and is paused already`, actions: [] };
  if (status !== "ENABLED")
    return { says: `${is}; it is ${status}, and is changed on the source`, actions: [] };
  // What runs once is over when it ends, and does not come again.
  if (event.everySeconds === null) return { says: `${is}, which comes no more`, actions: [] };
  const input = { schema, name, definer, runs: false };
  const action = propose(pauseJobOffer, input, view.evidence.target, { frees: null, consequence: goesOn });
  return { says: is, actions: [action] };
}

/** A person finds out: to pause the wrong one leaves what hurts, and takes away what does not. */
function tellMaybe(events: readonly ScheduledEventRow[], because: string): Told {
  if (events.length === 0)
    return { says: `it is a job of the event scheduler, which could not be seen: ${because}`, actions: [] };
  const named = events.slice(0, 5).map(({ schema, name, schedule }) => `${schema}.${name} (${schedule})`);
  const more = events.length > named.length ? ` and ${events.length - named.length} more` : "";
  const one = events.length === 1 ? "event" : "one of events";
  return { says: `${one} ${named.join(", ")}${more} of the scheduler may be it: ${because}`, actions: [] };
}
