import { describe, expect, it } from "vitest";
import { actsOn } from "../../../functions/core/actions/action-key.ts";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import { diagnosisSchema, type ProposedAction } from "../../../functions/core/contract/finding.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { defaultSettings, settingsSchema } from "../../../functions/core/settings.ts";
import { aGroup, aMetric, anAlarm, someEvidence } from "../../support/evidence-builder.ts";
import { aForest, aPrepared, aSession, keyOf, type Member } from "../../support/forest-builder.ts";
import { type Seeded, seeded } from "../../support/seeded.ts";

const scenes = 300;

function randomSession(random: Seeded, id: number): Session {
  const state = random.pick<Session["state"]>([
    "active",
    "active",
    "idle-in-transaction",
    "idle",
    "idle-in-transaction-aborted",
  ]);
  const seconds = random.pick([0.01, 0.5, 2, 30, 90, 600]);
  const kind: Session["kind"] = random.chance(0.7)
    ? "client"
    : random.pick<Session["kind"]>(["replication", "autovacuum", "system", "parallel-worker"]);
  return aSession(id, {
    kind,
    state,
    stateSeconds: seconds,
    transactionSeconds: seconds + random.pick([0, 1, 100]),
    statementSeconds: state === "active" ? seconds : null,
    wraparound: kind === "autovacuum" && random.chance(0.5),
    superuser: random.chance(0.1),
    own: random.chance(0.1),
    user: random.pick(["shop", "shop", "rdsadmin", "event_scheduler"]),
    application: random.pick(["web", "checkout", "pg_dump", "mysqldump", null]),
    rowsModified: random.pick([null, 0, 5_000_000]),
    query: random.pick([null, "ALTER TABLE orders ADD note text", "SELECT 1 /* rds-responder:never */"]),
  });
}

function randomForest(random: Seeded, firstId: number): Member[] {
  const members: Member[] = [];
  for (let index = 0; index < 4 + random.int(20); index++) {
    const above = members.length > 0 && random.chance(0.8) ? members[random.int(members.length)] : undefined;
    const who =
      above === undefined && random.chance(0.15)
        ? aPrepared(`gid-${firstId + index}`)
        : randomSession(random, firstId + index);
    const hasQueue = above?.behind !== undefined;
    members.push({
      who,
      holds: random.chance(0.3)
        ? [{ explicit: random.chance(0.5), objectKind: random.pick(["table", "advisory"]) }]
        : [{}],
      ...(above === undefined
        ? {}
        : {
            behind: keyOf(above.who),
            queued: hasQueue && random.chance(0.6),
            waits: {
              object: random.pick(["orders", "items"]),
              objectKind: random.pick(["table", "row", "metadata", "global"]),
              mode: random.pick(["AccessExclusiveLock", "EXCLUSIVE", "RowExclusiveLock", "X"]),
              waitSeconds: random.pick([0.1, 1, 20, 90, null]),
            },
          }),
    });
  }
  return members;
}

function randomEvidence(seed: number): Evidence {
  const random = seeded(seed);
  const engine: Engine = random.pick(["postgres", "mysql", "mariadb"]);
  const forests = [
    aForest(randomForest(random, 1)),
    ...(engine === "postgres" ? [] : [aForest(randomForest(random, 10))]),
  ];
  const groups = [
    aGroup(1 + random.int(90)),
    aGroup(1 + random.int(30), { state: "idle", idleOverLeak: random.int(2) }),
    aGroup(5, { state: "idle-in-transaction" }),
    aGroup(5, { application: "checkout" }),
  ];
  const signal = random.chance(0.5) ? anAlarm("CPUUtilization") : null;
  const metrics = [aMetric("CPUUtilization", [50, 93]), aMetric("CPUUtilization", [5], "orders-db-replica")];
  const missing = [
    { what: "DBLoad", reason: "no data", howToSee: null },
    { what: "ReplicaLag", reason: "no data", howToSee: null },
  ];
  return someEvidence({ engine, forests, groups, overrides: { signal, metrics, missing } });
}

function shuffled(evidence: Evidence, seed: number): Evidence {
  const random = seeded(seed);
  const withNodes = (row: Evidence["probes"][number]["rows"][number]): typeof row =>
    typeof row === "object" && row !== null && !Array.isArray(row) && Array.isArray(row["nodes"])
      ? { ...row, nodes: random.shuffle(row["nodes"]) }
      : row;
  return {
    ...evidence,
    probes: random
      .shuffle(evidence.probes)
      .map((probe) => ({ ...probe, rows: random.shuffle(probe.rows).map(withNodes) })),
    metrics: random.shuffle(evidence.metrics),
    missing: random.shuffle(evidence.missing),
  };
}

function sessionsIn(evidence: Evidence): Session[] {
  const rows = evidence.probes.filter(({ id }) => id.endsWith("-sessions")).flatMap(({ rows: all }) => all);
  // The builder put them there; their shape is the builder's.
  return JSON.parse(JSON.stringify(rows));
}

/** With the ages at which something is done lowered, so that there is something to judge. */
const impatient = settingsSchema.parse({
  thresholds: { idleInTransactionSeconds: 0.01, killCandidateSeconds: 0.01 },
});

function namesSession({ id }: ProposedAction): boolean {
  return id === "cancel-query" || id === "terminate-session";
}

// They compute and wait for nothing: on a machine shared with others each takes many times as long.
/** What names no session is done to objects or to RDS, and never without a person. */
function expectAsked(actions: readonly ProposedAction[], seed: number): void {
  for (const action of actions) {
    const refusal = unsureRefusal(action);
    expect(refusal, `seed ${seed} ${action.id}`).not.toBeNull();
    if (actsOn(action.id) === "database")
      expect(refusal?.guard, `seed ${seed} ${action.id}`).toBe("never-alone");
  }
}

describe("diagnose, over generated evidence", { timeout: 180_000 }, () => {
  it("D1 gives the same answer in whatever order rows, nodes, probes and metrics come", () => {
    for (let seed = 1; seed <= scenes; seed++) {
      const evidence = randomEvidence(seed);
      const diagnosis = diagnose(evidence, defaultSettings);
      expect(diagnose(shuffled(evidence, seed * 7), defaultSettings), `seed ${seed}`).toEqual(diagnosis);
      expect(diagnose(evidence, defaultSettings), `seed ${seed} again`).toEqual(diagnosis);
    }
  });

  it("A40 never proposes an action against a session that must not be touched", () => {
    let proposals = 0;
    for (let seed = 1; seed <= scenes; seed++) {
      const evidence = randomEvidence(seed);
      const proposed = diagnose(evidence, impatient).findings.flatMap(({ actions }) => actions);
      expectAsked(
        proposed.filter((one) => one.automatic && !namesSession(one)),
        seed,
      );
      const targets = proposed
        .filter(namesSession)
        .map(({ input }) =>
          typeof input === "object" && input !== null && !Array.isArray(input) ? input : {},
        );
      for (const input of targets) {
        const candidates = sessionsIn(evidence).filter(({ id }) => id === input["sessionId"]);
        expect(candidates.length, `seed ${seed}`).toBeGreaterThan(0);
        const spoken = candidates.filter(
          ({ sessionKey, state, user }) =>
            sessionKey === input["sessionKey"] && state === input["state"] && user === input["user"],
        );
        for (const session of spoken) {
          expect(session, `seed ${seed}`).toMatchObject({ own: false, superuser: false, kind: "client" });
          expect(session.user, `seed ${seed}`).toBe("shop");
          expect(["pg_dump", "mysqldump"], `seed ${seed}`).not.toContain(session.application);
          expect(session.query ?? "", `seed ${seed}`).not.toContain("rds-responder:never");
          proposals += 1;
        }
      }
    }
    expect(proposals).toBeGreaterThan(100);
  });

  it("D2 always answers in the contract's shape, with a symptom's cause among the findings", () => {
    for (let seed = 1; seed <= scenes; seed++) {
      const diagnosis = diagnose(randomEvidence(seed), defaultSettings);
      expect(diagnosisSchema.parse(diagnosis)).toEqual(diagnosis);
      const keys = diagnosis.findings.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const finding of diagnosis.findings) {
        expect(diagnosis.rootCauses.includes(finding.key)).toBe(finding.explainedBy.length === 0);
        for (const cause of finding.explainedBy) expect(keys).toContain(cause);
      }
    }
  });

  it("D8 begins every finding about a queued request with cancelling it, unless it must not be touched", () => {
    let queues = 0;
    for (let seed = 1; seed <= scenes; seed++) {
      for (const finding of diagnose(randomEvidence(seed), defaultSettings).findings) {
        if (finding.id !== "ddl-lock-queue") continue;
        const [first] = finding.actions;
        if (first === undefined || JSON.stringify(finding.evidence).includes("not touched")) continue;
        const sessionId = Number(finding.key.split(":").at(-1));
        expect(first, `seed ${seed}`).toMatchObject({ id: "cancel-query", input: { sessionId } });
        queues += 1;
      }
    }
    expect(queues).toBeGreaterThan(10);
  });

  it("D8 never proposes more than a manual step for a prepared transaction", () => {
    let prepared = 0;
    for (let seed = 1; seed <= scenes; seed++) {
      for (const finding of diagnose(randomEvidence(seed), defaultSettings).findings) {
        if (finding.id !== "prepared-transaction-holding-locks") continue;
        expect(finding.actions.filter(({ automatic }) => automatic)).toEqual([]);
        prepared += 1;
      }
    }
    expect(prepared).toBeGreaterThan(10);
  });
});
