import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { Duty } from "../contract/failover-duty.ts";
import type { FailoverTopology } from "../contract/failover-topology.ts";
import type { Message, MessageSection } from "../contract/message.ts";
import { elapsed, list as wordList } from "../text/wording.ts";
import { lossAsked } from "./accepted-loss.ts";
import { goneCommand } from "./commands.ts";
import { forcedLater, type GivenUp } from "./force-asked.ts";
import { lossText } from "./loss.ts";
import { needsFence } from "./methods.ts";
import { planSteps } from "./plan.ts";
import { recoveryMs, timeFields } from "./times.ts";
import { lastLook } from "./watch-duty.ts";

const steps: Readonly<Partial<Record<Phase, string>>> = {
  approve: "asks for approval",
  fence: "keeps clients off the old primary",
  "catch-up": "waits until the candidate has applied what it received",
  execute: "fails over",
  wait: "waits for RDS",
  "prove-writable": "proves that the new writer takes writes",
  repoint: "moves the names",
  "prove-name": "proves the names",
  rebuild: "makes a new replica",
  compensate: "takes the fence away",
};

const words = { done: "Failed over", "dry-run": "Dry run", held: "Not failed over", failed: "Needs you" };

/** One line of the thread for each step that people wait for; null: the step is not worth one. */
export function progressLine(run: FailoverRun, now: number): string | null {
  const says = run.phase === "approve" && run.approved ? undefined : steps[run.phase];
  return says === undefined ? null : `${elapsed(now - run.startedAt)} · ${run.input.database}: ${says}`;
}

export function progressMessage(run: FailoverRun, now: number): Message | null {
  const headline = progressLine(run, now);
  return headline === null ? null : messageOf(run, "update", headline, "failing over", []);
}

/** `givesUp`: the call was carried out, and what the old primary may have taken since is given up. */
export function approvalMessage(
  run: FailoverRun,
  topology: FailoverTopology,
  givesUp: GivenUp | null = null,
): Message {
  const later = forcedLater(run);
  const cost = givesUp === null ? `${riskOf(run, later)}${lossAsked(run)}` : givenUp(run, givesUp);
  return {
    ...messageOf(run, "approval-request", `Fail over ${run.input.database}?`, "waits for approval", [
      fields(["Reason", run.input.reason], ["Cost", cost]),
      ...overridden({ overridden: [...new Set([...run.overridden, ...run.forcedAgain, ...later])] }),
      ...items("Noted", run.notes.slice(-12)),
      {
        kind: "code",
        title: "The plan",
        code: planSteps(run, topology)
          .map(({ says }) => says)
          .join("\n"),
      },
    ]),
    buttons: [
      { id: "approve", label: "Fail over", style: "danger", value: run.id, confirm: cost },
      { id: "decline", label: "Do not", style: "plain", value: run.id, confirm: null },
    ],
  };
}

/** What is overridden later stands in no look of now: it is said before anybody agrees. */
function riskOf({ method, oldPrimary: old, candidate }: FailoverRun, later: readonly string[]): string {
  if (!needsFence(method)) return "Every session of the writer ends.";
  const own = `${candidate} becomes a database of its own: this cannot be taken back.`;
  const fence = later.includes("old-primary-unfenced")
    ? `${old} is fenced if it can be; where nothing proves that it takes no more writes ${candidate} is promoted all the same, and two may take them. ${own}`
    : `${old} is fenced and ${own}`;
  const behind = ` What ${candidate} has not applied by then is lost.`;
  return `${fence}${later.includes("not-caught-up") ? behind : ""}`;
}

function givenUp({ candidate }: FailoverRun, { why, whose }: GivenUp): string {
  return `${candidate} was promoted already, and ${why}. What ${whose} took since is lost, and the names are moved to ${candidate}: this cannot be taken back.`;
}

/** The card once it is decided or over: without its buttons. */
export function closedCard(run: FailoverRun): Message {
  const { is = "pending", by = null } = run.approval ?? {};
  const words = {
    granted: `approved by ${by}`,
    declined: `declined by ${by}`,
    pending: "nobody decided in time",
  };
  return messageOf(run, "approval-request", `Fail over ${run.input.database}? ${words[is]}`, words[is], [
    fields(["Reason", run.input.reason]),
  ]);
}

/** State of things, times, loss, and what a person must still do. */
export function endMessage(run: FailoverRun, now: number): Message {
  const { ending } = run;
  const status = ending?.status ?? "failed";
  const took = recoveryMs(run);
  const headline = `${words[status]}: ${run.input.database}${status === "done" && took !== null ? `, writable again after ${elapsed(took)}` : ""}`;
  return messageOf(run, status === "done" ? "resolution" : "update", headline, words[status].toLowerCase(), [
    { kind: "text", text: ending?.says ?? "" },
    fields(
      ["Reason", run.input.reason],
      ["Lost", run.times.sent === null ? "nothing was sent" : lossText(run.loss)],
    ),
    { kind: "fields", fields: timeFields(run) },
    ...overridden(run),
    ...items("Noted", run.notes),
    ...items(
      "Watched for",
      run.duties.map((duty) => `${watchText(duty)} (${goneCommand(run)})`),
    ),
    { kind: "code", title: "Next", code: ending?.nextCommand ?? "" },
    { kind: "note", text: `${run.id} · ${elapsed(now - run.startedAt)}` },
  ]);
}

/** At the end of a run nobody has looked for it so far. */
function watchText(duty: Duty): string {
  const { node, because, seen, blind } = duty;
  return `${node}: ${because}${seen === undefined && blind === undefined ? "" : `. ${lastLook(duty)}`}`;
}

/** It takes longer than anybody would like; what a person may look at, and that nothing is to be done twice. */
export function slowMessage(run: FailoverRun, says: string, nextCommand: string, now: number): Message {
  const headline = `${elapsed(now - run.startedAt)} · ${run.input.database}: ${says}`;
  return messageOf(run, "update", headline, "failing over", [
    { kind: "code", title: "Next", code: nextCommand },
  ]);
}

/** What became of a run after its end, with what a person may do. */
export function dutyMessage(run: FailoverRun, says: string, nextCommand: string): Message {
  return messageOf(run, "escalation", says, "failed over", [
    { kind: "code", title: "Next", code: nextCommand },
    { kind: "note", text: run.id },
  ]);
}

function messageOf(
  run: FailoverRun,
  kind: Message["kind"],
  headline: string,
  status: string,
  sections: MessageSection[],
): Message {
  return {
    ...{ schema: "message.v1", kind, incidentId: run.id, headline },
    ...{ severity: null, status, sections, buttons: [] },
  };
}

function fields(...pairs: readonly (readonly [string, string])[]): MessageSection {
  return { kind: "fields", fields: pairs.map(([label, value]) => ({ label, value })) };
}

function overridden({ overridden: names }: Pick<FailoverRun, "overridden">): MessageSection[] {
  return names.length === 0 ? [] : [fields(["Overridden by name", wordList(names)])];
}

function items(title: string, of: readonly string[]): MessageSection[] {
  return of.length === 0 ? [] : [{ kind: "list", title, items: of.slice(0, 12) }];
}
