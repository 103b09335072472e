import { describe, expect, it } from "vitest";
import { writeStall as rule } from "../../../../functions/core/rules/resources/write-stall.ts";
import { type MetricScene, metricView } from "../../../support/metric-scene.ts";

const mib = 1024 ** 2;

interface Given {
  readonly requested?: number;
  readonly walBytes?: number;
  readonly maxWalMb?: number;
  readonly since?: { readonly timed: number; readonly requested: number };
  readonly flavour?: "aurora" | "rds";
  readonly lines?: readonly string[];
  readonly scene?: MetricScene;
}

function found({ requested = 0, walBytes = 0, maxWalMb = 1024, since, lines = [], flavour, scene }: Given) {
  const zero = { backgroundBuffersPerSecond: 0, backendBuffersPerSecond: 0, allocatedBuffersPerSecond: 0 };
  const rates = {
    ...{ intervalSeconds: 1, checkpointBuffersPerSecond: 0, maxWrittenStopsPerSecond: 0, ...zero },
    ...{ walBytesPerSecond: walBytes, walPageImagesPerSecond: walBytes / 16_384 },
    ...{ checkpointsTimed: 0, checkpointsRequested: requested },
    sinceReset: {
      ...{ statsSeconds: 86_400, checkpointWriteSeconds: 0, checkpointSyncSeconds: 0 },
      ...{ checkpointsTimed: since?.timed ?? 200, checkpointsRequested: since?.requested ?? 0 },
    },
  };
  const setting = (name: string, value: string, bytes: number | null) => ({
    ...{ name, value, bytes, unit: null, seconds: null, source: "default", context: null },
    ...{ bootValue: null, pendingRestart: false, overrides: [] },
  });
  const view = metricView({
    ...scene,
    probes: {
      "postgres-database-rates-writer": [rates],
      "postgres-settings": [
        setting("max_wal_size", String(maxWalMb), maxWalMb * mib),
        setting("checkpoint_completion_target", "0.9", null),
      ],
    },
  });
  const log = { file: "error/postgresql.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const { context, target } = view.evidence;
  if (!context) throw new Error("the scene has no context");
  return rule.evaluate({
    ...view,
    evidence: {
      ...view.evidence,
      context: { ...context, logs: [{ ...log, lines: [...lines] }] },
      target: { ...target, flavour: flavour ?? "rds" },
    },
  })[0];
}

describe("write-stall on PostgreSQL", () => {
  it("P7 tells checkpoints that the log asks for, and not those of commands", () => {
    expect(found({ requested: 2, walBytes: 400 * mib })).toMatchObject({ severity: "P2" });
    expect(found({ requested: 2, walBytes: mib })).toBeUndefined();
    expect(found({ requested: 2, walBytes: 400 * mib, flavour: "aurora" })).toBeUndefined();
  });

  it("P7 does not take one second's burst for a rate unless most checkpoints came that way", () => {
    expect(found({ walBytes: 40 * mib })).toBeUndefined();
    expect(found({ walBytes: 40 * mib, since: { timed: 20, requested: 90 } })).toMatchObject({
      severity: "P3",
    });
    expect(found({ walBytes: 40 * mib, requested: 1 })?.summary).toContain("every 13 s");
  });

  it("P19 takes the server's own warning for it", () => {
    const line =
      "2026-11-21 09:58:01 UTC::@:[1]:LOG:  checkpoints are occurring too frequently (4 seconds apart)";
    expect(found({ lines: [line] })).toBeUndefined();
    expect(found({ lines: [line, line] })).toMatchObject({ severity: "P2" });
  });

  it("A24 makes room for five minutes of log, as far as the free storage allows", () => {
    const sizes = (free?: number) =>
      found({
        requested: 3,
        walBytes: 40 * mib,
        ...(free === undefined ? {} : { scene: { values: { FreeStorageSpace: [free, free, free] } } }),
      })?.actions.map(({ preview }) => /max_wal_size[^0-9]+(\d+)/.exec(preview)?.[1]);
    expect(sizes()).toEqual(["2048"]);
    expect(sizes(160 * 1024 * mib)).toEqual(["32768"]);
    expect(sizes(40 * 1024 * mib)).toEqual(["8192"]);
    expect(sizes(2 * 1024 * mib)).toEqual([]);
  });
});
