import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { AuditRecord } from "../../../functions/core/contract/work-order.ts";
import { GiveUp, waitUntil } from "../engines/wait-until.ts";
import type { SlackLab } from "../slack/server.ts";
import { fire, settle, type Way } from "./alarms.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { holdRow } from "./faults.ts";
import { type Account, deniedSentence } from "./ministack.ts";
import type { Records } from "./records.ts";
import type { AccountDatabase } from "./resources.ts";

/** How one incident went, from its fault to its resolution. */
export interface Played {
  readonly database: AccountDatabase;
  readonly way: Way;
  /** The session that ought to be ended. */
  readonly culprit: number;
  readonly incident: Incident;
  readonly evidence: Evidence;
  readonly audit: readonly AuditRecord[];
}

export interface Stage {
  readonly account: Account;
  readonly calls: AwsCalls;
  readonly records: Records;
  readonly slack: SlackLab;
  /** The clock's turn: it comes every two minutes, which is longer than a trial takes. */
  sweep(): Promise<void>;
  say(text: string): void;
}

const patience = { timeoutMs: 120_000, everyMs: 100 };

/** A real fault, its alarm, a click where one is asked for, and everything that is written about it. */
export async function playIncident(stage: Stage, database: AccountDatabase, way: Way): Promise<Played> {
  const { calls, records, say } = stage;
  const { name, server, mode } = database;
  const fault = await holdRow(server);
  try {
    await fire(calls, way, name);
    say(`${name}: session ${fault.culprit} holds a row that others want; the alarm fires by ${way}`);
    const wait = (what: string, is: (incident: Incident) => boolean) =>
      waitUntil(async () => until(await records.incidentOf(name), is, stage.account), {
        what: `${name}: ${what}`,
        ...patience,
      });
    const seen = await wait("it is diagnosed", ({ cause }) => cause !== null);
    say(`${name}: ${seen.cause?.headline}`);
    // With an incident open, so that the sweeper has to ask after its execution.
    if (mode === "approve") await stage.sweep();
    if (mode === "approve") await approve(stage, name, wait);
    // Held back as soon as it has lasted; what ends before that the gate is never asked about.
    if (mode === "observe")
      await wait("it is held back", ({ actions }) => actions.some(({ status }) => status === "withheld"));
    if (mode === "observe") await fault.close();
    else await waitUntil(fault.isReleased, { what: `${name}: the session is ended`, ...patience });
    say(`${name}: the row is free (${mode === "observe" ? "by itself" : "the session was ended"})`);
    await settle(calls, way, name);
    const incident = await wait("it is resolved", ({ resolvedAt }) => resolvedAt !== null);
    say(`${name}: resolved after ${incident.cycle} looks`);
    return {
      database,
      way,
      culprit: fault.culprit,
      incident,
      evidence: await records.evidence(incident.cause?.evidenceId ?? ""),
      audit: await records.audit(incident.id),
    };
  } finally {
    await fault.close();
  }
}

/** A denied call is retried for minutes before the incident shows it. */
function until(
  incident: Incident | null,
  is: (incident: Incident) => boolean,
  account: Account,
): Incident | null {
  const denied = account.denied();
  if (denied !== null) throw new GiveUp(deniedSentence(denied));
  return incident !== null && is(incident) ? incident : null;
}

async function approve(
  { slack, say }: Stage,
  name: string,
  wait: (what: string, is: (incident: Incident) => boolean) => Promise<Incident>,
): Promise<void> {
  const idOf = ({ actions, receipts }: Incident): string | undefined =>
    actions
      .flatMap(({ approvalId }) => approvalId ?? [])
      .find((id) => Object.keys(receipts).some((key) => key.includes(id)));
  const asked = await wait("somebody is asked", (incident) => idOf(incident) !== undefined);
  const answer = await slack.click(idOf(asked) ?? "", "approve");
  if (answer.status !== 200) throw new Error(`the click was answered with ${answer.status}: ${answer.body}`);
  say(`${name}: Approve was pressed, signed; the function URL answers ${answer.status}`);
}
