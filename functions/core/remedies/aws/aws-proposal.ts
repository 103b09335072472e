import type * as z from "zod";
import { pendingWord, type Shown } from "../../actions/aws/shown.ts";
import type { CallPurpose, CallRow } from "../../actions/aws-calls/call-row.ts";
import { callRow } from "../../actions/aws-calls/call-table.ts";
import { type StatusPurpose, statusRefusal } from "../../actions/aws-calls/statuses.ts";
import type { ActionOffer } from "../../actions/define.ts";
import { propose, proposeManual } from "../../actions/propose.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { clusterIdOf, databaseKind, runsServerless } from "../../facts/database-kind.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { type AwsCall, type AwsWait, type CallInput, stepText } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";

export type AwsRemedy = Pick<ProposedAction, "id" | "spec" | "risk" | "describes" | "consequence">;

export type Asked =
  | { readonly is: "call"; readonly row: CallRow; readonly name: string }
  /** This kind has no such call: nothing is to be said. */
  | { readonly is: "none"; readonly because: string }
  /** There may be one, and something needed for it was not seen. */
  | { readonly is: "unknown"; readonly because: string };

/** Which call it takes for this database; `given` names the parameter group, or the ARN, where the row takes one. */
export function askTable(view: View, purpose: CallPurpose, given: string | null = null): Asked {
  const { target } = view.evidence;
  if (target.flavour === "self-managed") return { is: "none", because: "it does not run on RDS" };
  const kind = databaseKind(view);
  if (kind === null) {
    return {
      is: "unknown",
      because: `whether ${target.name} lies in a cluster could not be seen, and the call differs by it: aws rds describe-db-instances --db-instance-identifier ${target.name} tells`,
    };
  }
  const row = callRow(kind, purpose, runsServerless(view));
  if ("none" in row) return { is: "none", because: row.none };
  const name = nameFor(view, row, given);
  return name === null
    ? {
        is: "unknown",
        because: `${unseen[row.whose]} could not be seen`,
      }
    : { is: "call", row, name };
}

const unseen = {
  instance: "its name",
  cluster: "which cluster it lies in",
  group: "which parameter group it uses",
  resource: "the ARN that the call names",
} as const satisfies Record<CallRow["whose"], string>;

function nameFor(view: View, { whose }: CallRow, given: string | null): string | null {
  switch (whose) {
    case "instance":
      return view.evidence.target.name;
    case "cluster":
      return clusterIdOf(view);
    case "group":
    case "resource":
      return given;
    default:
      return whose satisfies never;
  }
}

export function callOf({ row, name }: Extract<Asked, { is: "call" }>, input: CallInput): AwsCall {
  return { operation: row.operation, input: { [row.names]: name, ...input } };
}

/** Pasted as it stands: each call only when the one before went through. */
export function showCalls(
  { evidence }: View,
  remedy: AwsRemedy,
  steps: readonly (AwsCall | AwsWait)[],
): ProposedAction {
  const { region } = evidence.target;
  return proposeManual({ ...remedy, preview: steps.map((step) => stepText(step, region)).join(" &&\n") });
}

/**
 * The same call as one that the responder can send after a yes: only where the action would send exactly what is shown,
 * and where nothing that was seen of its status would have it refused. Otherwise it stays a person's.
 */
export function offerCall<Input extends z.core.util.JSONType>(
  view: View,
  { id: _shownAs, spec: _shownFor, ...remedy }: AwsRemedy,
  { offer, input, purpose }: Offering<Input>,
  shown: ProposedAction,
): ProposedAction {
  const { target } = view.evidence;
  const proposal = propose(offer, input, target, { consequence: remedy.consequence, frees: null });
  const status = purpose === null ? null : statusOf(view, purpose);
  const refused =
    purpose !== null && status !== null && statusRefusal(purpose, { id: target.name, status }) !== null;
  return proposal.preview !== shown.preview || refused ? shown : { ...proposal, ...remedy };
}

export interface Offering<Input> {
  readonly offer: ActionOffer<string, Input>;
  readonly input: Input;
  /** Null: its status does not matter. */
  readonly purpose: StatusPurpose | null;
}

function statusOf(view: View, purpose: StatusPurpose): string | null {
  const asked = askTable(view, purpose);
  if (asked.is !== "call") return null;
  const cluster = view.evidence.context?.topology?.cluster ?? null;
  return asked.row.whose === "cluster" ? (cluster?.status ?? null) : (selfOf(view)?.status ?? null);
}

/** What whoever says yes was shown. */
export function shownNow(view: View, asked: Extract<Asked, { is: "call" }>): Shown & { pending: string[] } {
  const open = view.sessions?.map(({ transactionSeconds }) => transactionSeconds ?? 0) ?? null;
  return {
    of: asked.name,
    resourceId: asked.row.whose === "instance" ? (selfOf(view)?.resourceId ?? null) : null,
    pending: pendingOf(view, asked) ?? [],
    openSeconds: open === null ? null : Math.max(0, ...open),
  };
}

/** What would help, without a call that could be pasted: a comment says what is missing or has to end first. */
export function withholdCall(remedy: AwsRemedy, because: string): ProposedAction {
  return proposeManual({ ...remedy, preview: `# No call is shown: ${because.replaceAll("\n", " ")}.` });
}

/** Null: could not be seen. */
function pendingOf(view: View, { row }: Extract<Asked, { is: "call" }>): string[] | null {
  const { topology = null } = view.evidence.context ?? {};
  if (topology === null) return null;
  const pending = (row.whose === "cluster" ? topology.cluster?.pending : selfOf(view)?.pending) ?? [];
  return pending.map(pendingWord);
}

/** Applied at once, every change that is pending goes along; who says yes must know. */
export function pendingText(view: View, asked: Extract<Asked, { is: "call" }>): string {
  const pending = pendingOf(view, asked);
  if (pending === null) return " What else is pending goes along and could not be seen.";
  return pending.length === 0
    ? ""
    : ` Applied immediately, it also applies what is pending: ${list(pending)}.`;
}
