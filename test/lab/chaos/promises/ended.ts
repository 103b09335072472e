import { original } from "../stage.ts";
import type { Case } from "./case.ts";

export function untold({ stage, fault, runs }: Case): string[] {
  const silent = runs.filter(({ id }) => !stage.told.some(({ run }) => run === id));
  const without = runs.filter(({ ending }) => !ending?.nextCommand);
  const operators = new Set(runs.map(({ id }) => id.split("-").slice(0, 3).join("-")));
  const missing = (fault.runs ?? 1) - operators.size;
  return [
    ...(missing > 0 ? [`${missing} runs never ended`] : []),
    ...silent.map(({ id }) => `${id} ended untold`),
    ...without.map(({ id }) => `${id} gave no next command`),
  ];
}

const convergedMs = 120_000;

export function unconverged(
  { stage, fault, startedAt, settledAt, runs }: Case,
  promoted: readonly string[],
): string[] {
  const { ledger } = stage.clients;
  const last = ledger.findLast(({ at }) => at <= settledAt)?.at ?? 0;
  if (!fault.hopeless && settledAt - last > 5000) {
    return [
      `clients cannot write at the end (last ${Math.round((last - startedAt) / 1000)} s after the start)`,
    ];
  }
  const back = ledger.find(({ by }) => by !== original);
  if (promoted.length > 0 && back !== undefined && back.at - startedAt > convergedMs) {
    return [`first write ${Math.round((back.at - startedAt) / 1000)} s after the start`];
  }
  const wanted = fault.planned && promoted.length === 0;
  return wanted ? [`a planned failover was not done: ${runs[0]?.ending?.says}`] : [];
}
