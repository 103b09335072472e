import type { Played } from "./play.ts";

export function lineOf({
  seed,
  fault,
  broken,
  recoveryMs,
  ownMs,
  lost,
  endings,
  phases,
  announcedLoss,
  acknowledged,
}: Played): string {
  const time = recoveryMs === null ? "no failover" : `${seconds(recoveryMs)} (ours ${seconds(ownMs ?? 0)})`;
  const loss = lost === 0 ? "" : `, ${lost} rows lost (announced: ${announcedLoss})`;
  const wrong = broken.map((says) => `\n    BROKEN ${says}`).join("");
  return `${broken.length === 0 ? "ok  " : "FAIL"} ${seed} ${fault}: ${time}, ${acknowledged} rows${loss}; ${phases}${endings
    .map((says) => `\n    ${says}`)
    .join("")}${wrong}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function figuresOf(played: readonly Played[]) {
  const broken = played.flatMap(({ seed, fault, broken: of }) =>
    of.map((says) => `seed ${seed} (${fault}): ${says}`),
  );
  return {
    runs: played.length,
    faults: [...new Set(played.map(({ fault }) => fault))].toSorted(),
    failovers: played.filter(({ promoted }) => promoted.length > 0).length,
    rows: played.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    broken,
    recovery: spread(played.flatMap(({ recoveryMs }) => recoveryMs ?? [])),
    own: spread(played.flatMap(({ ownMs }) => ownMs ?? [])),
  };
}

function spread(values: readonly number[]): { readonly medianMs: number; readonly worstMs: number } | null {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  return median === undefined || worst === undefined ? null : { medianMs: median, worstMs: worst };
}
