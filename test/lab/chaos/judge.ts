import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { lossText } from "../../../functions/core/failover/loss.ts";
import type { LedgerEntry } from "../rds/world/ledger.ts";
import type { Acknowledged } from "./clients.ts";
import type { Fault } from "./faults.ts";
import { once } from "./session.ts";
import { original, type Stage } from "./stage.ts";

export interface Verdict {
  /** Broken invariants, in words; by the ledgers of the clients and of the lab alone. */
  readonly broken: readonly string[];
  readonly promoted: readonly string[];
  readonly acknowledged: number;
  readonly lost: number;
  readonly endings: readonly string[];
  readonly announcedLoss: string | null;
  /** From the start of the first run to the first row that the new writer confirmed; null: nobody was promoted. */
  readonly recoveryMs: number | null;
  /** Of that what the lab's engines and transitions did not take. */
  readonly ownMs: number | null;
  readonly phases: string;
}

interface Case {
  readonly stage: Stage;
  readonly fault: Fault;
  readonly runs: readonly FailoverRun[];
  readonly struckAt: number;
  readonly startedAt: number;
}

export async function judge(of: Case): Promise<Verdict> {
  const { stage, runs, startedAt } = of;
  const { ledger } = stage.clients;
  const promoted = [...new Set(callsOf(stage, "PromoteReadReplica", "done").map(({ id }) => id))];
  const first = ledger.find(({ by }) => by !== original);
  const lost = await lostRows(stage, promoted.at(-1) ?? original, ledger);
  const by = runs.find(({ sent }) => sent["execute"] !== undefined);
  const recoveryMs = first === undefined ? null : first.at - startedAt;
  return {
    broken: [
      ...twoWriters(ledger, first),
      ...wrongPromotion(of, promoted),
      ...lostMore(lost, by),
      ...untold(of),
      ...unconverged(of, promoted),
    ],
    ...{ promoted, lost: lost ?? -1, acknowledged: ledger.length, recoveryMs },
    endings: runs.map(({ ending }) => `${ending?.status}@${ending?.phase}: ${ending?.says}`.slice(0, 300)),
    announcedLoss: by === undefined ? null : lossText(by.loss),
    ownMs:
      recoveryMs === null || first === undefined ? null : recoveryMs - elsewhere(stage, startedAt, first.at),
    phases: by === undefined ? "" : phasesOf(by),
  };
}

function callsOf({ lab }: Stage, operation: string, what: LedgerEntry["what"]): readonly LedgerEntry[] {
  return lab.ledger().filter((entry) => entry.operation === operation && entry.what === what);
}

function twoWriters(ledger: readonly Acknowledged[], first: Acknowledged | undefined): string[] {
  if (first === undefined) return [];
  const after = ledger.find(({ by, sentAt }) => by === original && sentAt > first.at);
  const third = ledger.find(({ by }) => by !== original && by !== first.by);
  return [
    ...(after === undefined
      ? []
      : [`two writers: ${original} confirmed a row ${after.at - first.at} ms after ${first.by}`]),
    ...(third === undefined ? [] : [`two writers: ${third.by} beside ${first.by}`]),
  ];
}

/** Null: nobody who should have them can be asked. */
async function lostRows(
  { engine, lab }: Stage,
  writer: string,
  ledger: readonly Acknowledged[],
): Promise<number | null> {
  const port = lab.database(writer).node.port();
  if (port === null) return null;
  const sql = "select client, number from chaos_ledger";
  const rows = await once(engine, { host: "127.0.0.1", port }, "rdsadmin", [sql]);
  const has = new Set(rows.map(({ client, number }) => `${client}/${number}`));
  return ledger.filter(({ client, row }) => !has.has(`${client}/${row}`)).length;
}

function lostMore(lost: number | null, by: FailoverRun | undefined): string[] {
  if (lost === null || lost === 0) return [];
  const announced = lossText(by?.loss ?? null);
  const known = by === undefined || by.fencedBy === "door" || announced.startsWith("nothing:");
  return known ? [`lost ${lost} rows, announced: ${announced}`] : [];
}

function wrongPromotion({ stage, fault, runs }: Case, promoted: readonly string[]): string[] {
  const unfit = promoted.filter((id) => fault.unfit?.includes(id));
  const begun = runs.flatMap(({ sent, input }) => {
    const at = [sent["wall"]?.at, sent["fence"]?.at, sent["restart"]?.at].flatMap((one) => one ?? []);
    return input.kind === "unplanned" && at.length > 0 ? [Math.min(...at)] : [];
  });
  const [at] = begun;
  const wrote = (from: number, to: number) =>
    stage.clients.ledger.some(({ by, sentAt }) => by === original && sentAt >= from && sentAt < to);
  const alive = at !== undefined && wrote(at - 3000, at - 1500) && wrote(at - 1500, at);
  return [
    ...(promoted.length > 1 ? [`promoted ${promoted.join(" and ")}`] : []),
    ...unfit.map((id) => `promoted ${id} though a veto stood`),
    ...(promoted.length > 0 && fault.healthy ? ["a healthy primary was failed over"] : []),
    ...(alive ? ["a primary that wrote was fenced"] : []),
  ];
}

function untold({ stage, fault, runs }: Case): string[] {
  const missing = runs.length === 0 ? ["no run ended"] : [];
  const silent = runs.filter(({ id }) => !stage.told.some(({ run }) => run === id));
  const without = runs.filter(({ ending }) => !ending?.nextCommand);
  const wanted = fault.runs ?? 1;
  return [
    ...missing,
    ...(runs.length > 0 && runs.length < wanted ? [`${wanted - runs.length} runs never ended`] : []),
    ...silent.map(({ id }) => `${id} ended untold`),
    ...without.map(({ id }) => `${id} gave no next command`),
  ];
}

const convergedMs = 120_000;

function unconverged({ stage, fault, startedAt, runs }: Case, promoted: readonly string[]): string[] {
  const lastAt = stage.clients.lastAt();
  if (Date.now() - lastAt > 10_000 && !fault.unfit?.includes("orders-3")) {
    return [
      `clients cannot write at the end (last ${Math.round((lastAt - startedAt) / 1000)} s after the start)`,
    ];
  }
  const back = stage.clients.ledger.find(({ by }) => by !== original);
  if (promoted.length > 0 && back !== undefined && back.at - startedAt > convergedMs) {
    return [`first write ${Math.round((back.at - startedAt) / 1000)} s after the start`];
  }
  const wanted = fault.planned && promoted.length === 0;
  return wanted ? [`a planned failover was not done: ${runs[0]?.ending?.says}`] : [];
}

/** Of the time between the two what RDS was at it: promotion and restart, each from the call to its end. */
function elsewhere(stage: Stage, from: number, to: number): number {
  const spans = ["PromoteReadReplica", "RebootDBInstance"].flatMap((operation) => {
    const begun = callsOf(stage, operation, "accepted")[0];
    const done = callsOf(stage, operation, "done")[0];
    if (begun === undefined || done === undefined) return [];
    const [start, end] = [Date.parse(begun.at), Date.parse(done.at) + 100];
    return start >= from && end <= to ? [end - start] : [];
  });
  return spans.reduce((sum, span) => sum + span, 0);
}

function phasesOf({ times, startedAt, fencedBy }: FailoverRun): string {
  const parts = (["fenced", "sent", "promoted", "writable", "repointed"] as const).flatMap((name) => {
    const at = times[name];
    return at === null ? [] : [`${name} ${((at - startedAt) / 1000).toFixed(1)}`];
  });
  return `${parts.join(", ")} (by ${fencedBy})`;
}
