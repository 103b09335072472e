import { pauseScheduleOffer } from "../actions/aws/pause-schedule.ts";
import { pauseInput } from "../actions/aws/schedule-checks.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { sessionsRunning } from "../facts/sessions-running.ts";
import { statementsOf } from "../facts/statements.ts";
import type { View } from "../facts/view.ts";
import type { Feeds, ScheduleSettings } from "../schedule-settings.ts";
import { isMeantBy } from "../text/name-pattern.ts";

/** Whose work it is, as far as it is seen. */
interface Client {
  readonly application: string | null;
  readonly user: string | null;
  readonly query: string | null;
}

/** A14: the schedules that the settings name for the client behind a finding; the function acts for RDS alone. */
export function itsSchedules(view: View, subject: string): readonly ProposedAction[] {
  const { target } = view.evidence;
  const { schedules } = view.policy;
  if (schedules.length === 0 || target.accountId === null) return [];
  const clients = clientsBehind(view, subject);
  return schedules
    .filter(({ feeds }) => clients.length > 0 && clients.every((client) => isFed(feeds, client)))
    .map((schedule) => pauses(view, schedule));
}

function pauses({ evidence: { target } }: View, schedule: ScheduleSettings): ProposedAction {
  const told = Object.entries(schedule.feeds).map(([what, value]) => `${what} ${value}`);
  return propose(pauseScheduleOffer, pauseInput(schedule), target, {
    frees: null,
    consequence: `By the settings it begins the work of ${told.join(", ")}. It begins nothing more until somebody resumes it; what has begun is not ended by this, which is another remedy. Whoever waits for its work waits longer.`,
  });
}

/** All of them have to be its: to pause it would leave the others. */
function clientsBehind(view: View, subject: string): readonly Client[] {
  const id = /^session:(\d+)$/.exec(subject)?.[1];
  if (id !== undefined) return (view.sessions ?? []).filter((session) => session.id === Number(id));
  const statement = statementsOf(view)?.find(({ key }) => key === subject);
  if (statement === undefined) return [];
  const running = sessionsRunning(view, statement.query);
  return running.length > 0 ? running : [{ application: null, user: statement.user, query: statement.query }];
}

function isFed({ application, user, statement }: Feeds, client: Client): boolean {
  return (
    isName(application, client.application) &&
    isName(user, client.user) &&
    (statement === undefined || (client.query?.toLowerCase().includes(statement.toLowerCase()) ?? false))
  );
}

/** What is not seen is not the one that is meant. */
function isName(entry: string | undefined, name: string | null): boolean {
  return entry === undefined || (name !== null && isMeantBy(entry, name));
}
