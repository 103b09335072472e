import type { Incident } from "../../../functions/core/contract/incident.ts";
import { rootMessage } from "../../../functions/core/messages/root-message.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { waitUntil } from "../engines/sql.ts";
import type { Crossing } from "./connection-alarm.ts";
import type { Fault } from "./fault.ts";
import { say } from "./progress.ts";
import type { Stage, StagedDatabase } from "./stage.ts";

export interface Played {
  readonly engine: string;
  readonly version: string;
  readonly source: string;
  readonly rootCause: string | null;
  readonly firstMessageMs: number;
  readonly actionMs: number;
  readonly recoveredMs: number;
  readonly resolved: boolean;
  readonly messages: readonly string[];
  readonly killed: readonly number[];
}

export interface Scenario {
  fault(): Promise<Fault>;
  event(crossing: Crossing): unknown;
  readonly via: string;
  readonly interactive: boolean;
}

const threshold = 30;

/** One incident from its fault to its resolution, told as it happens. */
export async function playIncident(
  stage: Stage,
  database: StagedDatabase,
  scenario: Scenario,
): Promise<Played> {
  const before = stage.slack.messages().length;
  const fault = await scenario.fault();
  say(fault.says);
  const crossing = await database.alarm.crossed(threshold);
  say(`DatabaseConnections ${crossing.value} > ${threshold}: the alarm fires through ${scenario.via}`);

  const firedAt = performance.now();
  const since = (): number => Math.round(performance.now() - firedAt);
  const recovered = fault.drained.then(since);
  const intake = await stage.lab.intake(scenario.event({ ...crossing, database: database.name, threshold }));
  const answer = intake.answers[0];
  if (answer?.kind !== "opened") throw new Error(`intake answered ${JSON.stringify(intake)}`);
  const { incidentId } = answer;
  const load = async (): Promise<Incident> => {
    const incident = await stage.lab.deps.incidents.get(incidentId);
    if (incident === null) throw new Error(`incident ${incidentId} is gone`);
    return incident;
  };

  await waitUntil(() => stage.slack.messages().length > before, { what: "the first message", everyMs: 5 });
  const firstMessageMs = since();
  say(
    `first message after ${firstMessageMs} ms: ${(await load()).diagnosis?.headline ?? "(no diagnosis yet)"}`,
  );
  const acted = async (): Promise<boolean> =>
    (await load()).actions.some((action) => action.outcome !== null);
  const asks = async (): Promise<boolean> => (await load()).step.kind === "ask-approval";
  await waitUntil(async () => (await asks()) || (await acted()), {
    what: "what it does or asks",
    everyMs: 5,
  });
  if (await asks()) await decide(stage, load, scenario);

  await waitUntil(acted, {
    what: "the action",
    timeoutMs: 1_000_000,
    everyMs: 5,
  });
  const actionMs = since();
  const outcome = (await load()).actions.find((action) => action.outcome !== null)?.outcome;
  say(`action after ${actionMs} ms: ${outcome?.summary}`);
  const recoveredMs = await Promise.race([recovered, timeout(20_000)]);
  say(`all waiters were served after ${recoveredMs} ms; recovery is watched for 30 min (in seconds here)`);
  await waitUntil(async () => (await load()).resolvedAt !== null, {
    what: "the resolution",
    timeoutMs: 60_000,
  });
  await stage.lab.workflow.idle();
  const incident = await load();
  say(`status ${incident.status}`);
  process.stdout.write(
    `\n${indent(renderText(rootMessage(incident, settingsSchema.parse({}), stage.clock.now())))}\n\n`,
  );
  await fault.close();
  return {
    engine: database.server.engine,
    version: database.server.version,
    source: database.server.source,
    rootCause: incident.cause?.rootCauses[0]?.id ?? null,
    firstMessageMs,
    actionMs,
    recoveredMs,
    resolved: incident.status === "resolved",
    messages: stage.slack
      .messages()
      .slice(before)
      .map((message) => message.text),
    killed: outcome?.killed ?? [],
  };
}

async function decide(stage: Stage, load: () => Promise<Incident>, scenario: Scenario): Promise<void> {
  const approvalId = async (): Promise<string | null> =>
    (await load()).actions.find((action) => action.status === "awaiting-approval")?.approvalId ?? null;
  const asked = async (): Promise<boolean> => {
    const id = await approvalId();
    return id !== null && Object.keys((await load()).receipts).some((key) => key.includes(id));
  };
  await waitUntil(asked, { what: "the request for approval", everyMs: 10 });
  const id = await approvalId();
  if (id === null) return;
  say("the responder asks for approval");
  if (scenario.interactive) {
    say(`press Approve or Decline on ${stage.slack.url} (15 min)`);
    return;
  }
  const answer = await stage.slack.click(id, "approve");
  say(`dana presses Approve (a signed interaction; HTTP ${answer.status})`);
}

function timeout(ms: number): Promise<number> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the waiters were not served in time")), ms).unref();
  });
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
