import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import type { Engine, Target } from "../../../functions/core/contract/target.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { couldBeSeenGone } from "../../../functions/core/diagnosis/verdict.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aMember } from "../../support/context-builder.ts";
import {
  aConnection,
  aMetric,
  aProbe,
  aServer,
  aTarget,
  someEvidence,
} from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

interface Look {
  readonly engine?: Engine;
  readonly target?: Partial<Target>;
  readonly readOnlyBecause?: string;
  readonly probes?: readonly ProbeResult[];
  readonly lag?: readonly ReturnType<typeof aMetric>[];
}

function look({ engine = "postgres", target = {}, readOnlyBecause, probes = [], lag = [] }: Look) {
  const server = readOnlyBecause === undefined ? {} : { writable: false, readOnlyBecause };
  const first = someEvidence({ engine, server });
  const evidence = {
    ...first,
    target: aTarget({ engine, ...target }),
    metrics: [...lag],
    probes: [...first.probes, ...probes],
  };
  const { verdict, headline } = diagnose(evidence, defaultSettings);
  return { verdict, headline, evidence };
}

const standby = "it is a standby: it replays what the writer does";
const readOnly = "read_only is on: a replica, or somebody set it";
const channel = {
  ...{ channel: null, source: "db-0:3306", receiver: "running", applier: "running", receiverState: null },
  ...{ applierState: null, lagSeconds: 0, lagUnknownBecause: null, intendedDelaySeconds: 0 },
  ...{ lagBeyondDelaySeconds: 0, errors: [], unappliedTransactions: 0, gtidFetched: null, gtidApplied: null },
  ...{ relayLogBytes: 900, fetchedTo: null, appliedTo: null },
};
const refused = aProbe("mariadb-replication", [], {
  ...{ status: "skipped", reason: "Access denied", howToSee: "GRANT SLAVE MONITOR ON *.* TO {user}" },
});

describe("whether a replica follows its source", () => {
  it("D7 is a question of every replica that is known as one", () => {
    const words = /^CANNOT JUDGE: whether it follows its source could not be seen/;
    expect(look({ target: { role: "reader" }, readOnlyBecause: standby })).toMatchObject({
      verdict: "unknown",
      headline: expect.stringMatching(words),
    });
    const mysql = { engine: "mysql", target: { role: "reader" } } as const;
    expect(look({ ...mysql, readOnlyBecause: readOnly }).verdict).toBe("unknown");
    // Promoted since: it follows nobody, and an incident of it has an end.
    expect(look({ target: { role: "reader" } }).verdict).toBe("well");
    expect(look({ ...mysql, probes: [aProbe("mysql-replication", [])] }).verdict).toBe("well");
    // A replica may be set to take writes: that alone says nothing of a source.
    expect(look(mysql).verdict).toBe("unknown");
    const hidden = aProbe("mysql-replication", [], { status: "timeout", reason: "3 s", howToSee: null });
    expect(look({ ...mysql, probes: [hidden] }).verdict).toBe("unknown");
    const inRecovery = look({
      target: { flavour: "self-managed", role: "reader" },
      readOnlyBecause: standby,
    });
    expect(inRecovery.verdict).toBe("unknown");
    const { evidence } = metricView({
      engine: "mysql",
      context: {
        topology: {
          kind: "read-replica",
          members: [aMember({ replicaOf: "orders-0" })],
          cluster: null,
          global: null,
          maintenance: null,
        },
      },
    });
    expect(diagnose(evidence, defaultSettings).verdict).toBe("unknown");
  });

  it("D7 is answered by the server, or by a lag of its own that is fresh", () => {
    const reader = { engine: "mysql", target: { role: "reader" }, readOnlyBecause: readOnly } as const;
    expect(look({ ...reader, probes: [aProbe("mysql-replication", [channel])] }).verdict).toBe("well");
    expect(look({ ...reader, lag: [aMetric("ReplicaLag", [0, 0, 0])] }).verdict).toBe("well");
    expect(look({ ...reader, lag: [aMetric("ReplicaLag", [0, 0, 0], "orders-2")] }).verdict).toBe("unknown");
    const old = aMetric("ReplicaLag", [0]);
    const stale = { ...old, points: [{ at: "2026-11-21T09:30:00.000Z", value: 0 }] };
    expect(look({ ...reader, lag: [stale] }).verdict).toBe("unknown");
  });

  it("D7 says how far it is kept behind on purpose, for whoever comes by an alarm on its lag", () => {
    const reader = { engine: "mysql", target: { role: "reader" }, readOnlyBecause: readOnly } as const;
    const late = { ...channel, intendedDelaySeconds: 3600 };
    const { headline } = look({ ...reader, probes: [aProbe("mysql-replication", [late])] });
    expect(headline).toContain("kept 1 h behind its source on purpose");
    const { headline: prompt } = look({ ...reader, probes: [aProbe("mysql-replication", [channel])] });
    expect(prompt).not.toContain("on purpose");
  });

  it("D7 is not answered by a server that knows of no source, or lets nobody ask", () => {
    const reader = { target: { role: "reader" }, readOnlyBecause: readOnly } as const;
    expect(look({ engine: "mysql", ...reader, probes: [aProbe("mysql-replication", [])] }).headline).toBe(
      "CANNOT JUDGE: whether it follows its source could not be seen (mysql-replication knows of no source).",
    );
    expect(look({ engine: "mariadb", ...reader, probes: [refused] }).headline).toContain(
      "the probing user sees no replication. As an administrator: GRANT SLAVE MONITOR",
    );
  });

  it("D7 is not asked of a writer, of a reader of Aurora, or of what is read-only for itself", () => {
    expect(look({}).verdict).toBe("well");
    expect(look({ engine: "mariadb", probes: [refused] }).verdict).toBe("well");
    const aurora = { flavour: "aurora", role: "reader" } as const;
    expect(look({ target: aurora, readOnlyBecause: standby }).verdict).toBe("well");
    const alone = { flavour: "self-managed", role: "reader" } as const;
    expect(look({ engine: "mysql", target: alone, readOnlyBecause: readOnly })).toMatchObject({
      verdict: "well",
      headline: expect.stringContaining("whether it follows its source was not seen"),
    });
  });

  it("D7 takes no trust from other causes where it could not be seen", () => {
    const confidence = (probes: readonly ProbeResult[]): number =>
      diagnose(look({ engine: "mariadb", probes }).evidence, defaultSettings).confidence;
    expect(confidence([refused])).toBe(confidence([]));
  });

  it("D7 is asked again before it counts as following again", () => {
    const known = {
      id: "replication-stopped",
      evidence: [{ source: "mysql-replication", says: "x" }],
    } as const;
    const topology = {
      kind: "read-replica",
      members: [aMember({ replicaOf: "orders-0" })],
      cluster: null,
      global: null,
      maintenance: null,
    } as const;
    const gone = (
      probes: readonly ProbeResult[],
      values: Readonly<Record<string, readonly number[]>> = {},
    ) => {
      const { evidence } = metricView({
        engine: "mysql",
        values,
        context: { topology: { ...topology, members: [...topology.members] } },
      });
      const connection = probes.length === 0 ? aConnection({ status: "not-connected" }) : aConnection();
      return couldBeSeenGone(
        { ...known, evidence: [...known.evidence] },
        { ...evidence, connection, probes: [...probes] },
      );
    };
    expect(gone([])).toBe(false);
    expect(gone([aProbe("mysql-server", [aServer()])])).toBe(false);
    expect(gone([aProbe("mysql-replication", [], { status: "timeout" })])).toBe(false);
    expect(gone([aProbe("mysql-replication", [channel])])).toBe(true);
    expect(gone([], { ReplicaLag: [3, 2] })).toBe(true);
    // Who may never ask is told by CloudWatch, or the incident would have no end.
    const skipped = aProbe("mysql-replication", [], { status: "skipped" });
    expect(gone([skipped], { ReplicaLag: [3, 2] })).toBe(true);
    expect(gone([skipped], { ReplicaLag: [3, -1] })).toBe(false);
    expect(gone([skipped])).toBe(false);
    expect(gone([], { ReplicaLag: [3, -1] })).toBe(false);
  });
});

it("D7 of a look that was cut off it is said how many probes brought no answer", () => {
  const late = (status: "timeout" | "skipped") => {
    const { probes } = someEvidence({});
    const others = ["postgres-plans", "postgres-tables"].map((id) =>
      aProbe(id, [], { status, tier: "performance" }),
    );
    return diagnose(someEvidence({ overrides: { probes: [...probes, ...others] } }), defaultSettings)
      .headline;
  };
  expect(late("timeout")).toMatch(/2 of \d+ probes brought no answer: what only they see was not judged\./);
  expect(late("skipped")).not.toContain("brought no answer");
});
