import type { Played } from "./play.ts";

export function lineOf(played: Played): string {
  const { seed, engine, fault, broken, recoveryMs, ownMs, lost, met, tookMs } = played;
  const time = recoveryMs === null ? "no failover" : `${seconds(recoveryMs)} (ours ${seconds(ownMs ?? 0)})`;
  const loss = lost <= 0 ? "" : `, ${lost} rows lost (announced: ${played.announcedLoss})`;
  const unmet = met === false ? ", the call was never made" : "";
  const says = [...played.endings, ...broken.map((what) => `BROKEN ${what}`)].map((what) => `\n    ${what}`);
  const head = `${broken.length === 0 ? "ok  " : "FAIL"} ${engine} ${seed} ${fault}`;
  return `${head}: ${time}, ${played.acknowledged} rows${loss}${unmet}; ${played.phases} [${seconds(tookMs)}]${says.join("")}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function figuresOf(played: readonly Played[]) {
  const broken = played.flatMap(({ seed, engine, fault, broken: of }) =>
    of.map((says) => `${engine} seed ${seed} (${fault}): ${says}`),
  );
  return {
    runs: played.length,
    /** Those that were met: a call that was never made shows nothing of its fault. */
    faults: [...new Set(played.flatMap(({ fault, met }) => (met === false ? [] : [fault])))].toSorted(),
    failovers: played.filter(({ promoted }) => promoted.length > 0).length,
    rows: played.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    broken,
    recovery: spread(played.flatMap(({ recoveryMs }) => recoveryMs ?? [])),
    own: spread(played.flatMap(({ ownMs }) => ownMs ?? [])),
    took: spread(played.map(({ tookMs }) => tookMs)),
  };
}

function spread(values: readonly number[]): { readonly medianMs: number; readonly worstMs: number } | null {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  return median === undefined || worst === undefined ? null : { medianMs: median, worstMs: worst };
}
