import { describe, expect, it } from "vitest";
import { replicationAnswer } from "../../../functions/core/diagnosis/replication-answer.ts";
import { takenText } from "../../../functions/core/facts/capacity.ts";
import { mysqlTables } from "../../../functions/core/probes/mysql/tables.ts";
import { noPrimaryKey } from "../../../functions/core/rules/indexes/no-primary-key.ts";
import { tidyDraft } from "../../../functions/core/rules/tidy-draft.ts";
import { aProbe, aView, someEvidence } from "../../support/evidence-builder.ts";
import { held, metricView } from "../../support/metric-scene.ts";
import { context } from "../probes/fake-session.ts";

const thing = (name: string) => ({ name, says: name, source: "probe", weight: 1, action: null });
const few = ["a", "b", "c", "d", "e", "f"].map(thing);
const story = { confidence: 0.9, summary: (count: number, worst: string) => `${count} are loose: ${worst}` };

describe("what is counted", () => {
  it("D2 is as many as there are, not as many as were looked at", () => {
    const [all] = tidyDraft(few, { ...story, total: 412 });
    expect(all?.summary).toBe("412 are loose: a, b, c and 409 more");
    expect(all?.evidence.at(-1)?.says).toBe("and 407 more like these");
    expect(tidyDraft(few, story)[0]?.summary).toBe("6 are loose: a, b, c and 3 more");
  });

  it("D7 is at least so many where rows were left out", () => {
    const [part] = tidyDraft(few, { ...story, partial: true });
    expect(part?.summary).toBe("At least 6 are loose: a, b, c and at least 3 more");
    expect(part?.evidence.at(-1)?.says).toBe("and at least 1 more like these");
  });

  it("P30 counts every table without a key, of which thirty are shown", () => {
    const named = Array.from({ length: 57 }, (_, at) => ({ schema_name: "app", table_name: `log_${at}` }));
    const rows = mysqlTables.read(
      [[{ visible: 1, existing: 1 }], [{ Value: "9" }], [], named, [], [], []],
      context,
    );
    expect(rows).toHaveLength(30);
    const seen = rows.map((row) => ({ ...row, engine: "InnoDB" }));
    const [finding] = noPrimaryKey.evaluate(
      metricView({ engine: "mysql", probes: { "mysql-tables": seen } }),
    );
    expect(finding?.summary).toMatch(/^57 tables have no primary key.* and 54 more$/);
  });

  it("D2 is no share above the whole: who sits in a reserved slot is told so", () => {
    expect(takenText({ used: 85, usable: 97, max: 100 })).toBe(
      "85 of 97 usable connections are taken (88 %)",
    );
    expect(takenText({ used: 97, usable: 97, max: 100 })).toBe(
      "97 of 97 usable connections are taken (100 %)",
    );
    expect(takenText({ used: 99, usable: 97, max: 100 })).toBe(
      "all 97 usable connections are taken, and 2 of the 3 reserved ones",
    );
  });
});

describe("whether replication is behind", () => {
  const standby = (lagSeconds: number | null, replayPaused = false) => ({
    status: "streaming",
    receiving: true,
    primaryHost: "10.0.0.1",
    slot: null,
    replayLagBytes: 5,
    receiveLagBytes: 0,
    lagSeconds,
    lastReplayedTransactionSeconds: 4000,
    replayedBytes: null,
    lastMessageSeconds: 1,
    replayPaused,
    hotStandbyFeedback: false,
    conflictsSinceReset: { lock: 0, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 },
  });
  const answer = (row: ReturnType<typeof standby>) =>
    replicationAnswer(metricView({ probes: { "postgres-replication-receiver": [row] } }));

  it("D5 is answered by the lag that was read inside, whatever CloudWatch has", () => {
    expect(answer(standby(240))).toBe("yes: 4 min (this replica)");
    expect(answer(standby(0.5))).toMatch(/^no: .* \(this replica\)$/);
    expect(answer(standby(null))).toBe("not known: this replica does not tell its lag");
    expect(answer(standby(3, true))).toMatch(/^yes, it does not run on this replica: its replay was paused/);
  });

  it("D5 is answered by CloudWatch where nobody looked inside, and by nobody where nothing was read", () => {
    expect(replicationAnswer(metricView({ values: { ReplicaLag: held(240) } }))).toBe("yes: 4 min");
    expect(replicationAnswer(metricView({}))).toBe("could not be seen");
    const asked = (tier: "immediate" | "performance") => {
      const { probes } = someEvidence({});
      const more = aProbe("postgres-replication", [], { tier });
      return replicationAnswer(aView({ overrides: { probes: [...probes, more] } }));
    };
    expect(asked("performance")).toBe("no replica was seen");
    // The first look asks whom it follows, and not who follows it.
    expect(asked("immediate")).toBe("could not be seen");
  });
});
