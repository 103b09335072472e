import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { engine } from "../support/mysql-log/engine.ts";
import { everyday } from "../support/mysql-log/everyday.ts";
import { refused } from "../support/mysql-log/refused.ts";
import { replication } from "../support/mysql-log/replication.ts";
import type { LogWitness } from "../support/mysql-log/witness.ts";
import { calmRds } from "./support/outside/calm.ts";
import { type Curves, steps, withDays } from "./support/outside/curves.ts";
import { ago, instanceOf, nightlyBackup } from "./support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLine, mysqlErrorLog } from "./support/outside/mysql-log.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";
import type { World } from "./support/outside/world.ts";

const id = "shop-db";
const versions = { mysql: "8.0.41", mariadb: "10.11.9" };

interface Beside {
  readonly metrics?: Curves;
  readonly instance?: Parameters<typeof instanceOf>[1];
  /** Written later, so many minutes ago. */
  readonly later?: readonly (readonly [minutes: number, says: string])[];
}

/** A calm database, from outside, whose log alone has something to tell. */
function worldOf(
  { engine: kind, lines, times }: LogWitness,
  { metrics, instance, later = [] }: Beside,
): World {
  const lineOf = kind === "mariadb" ? mariadbErrorLine : mysqlErrorLine;
  const line = (minutes: number, thread: number, says: string): string =>
    says.startsWith("=")
      ? says.slice(1).replace(
          "{t}",
          ago(minutes)
            .toISOString()
            .replace(/\.\d+Z/, "Z"),
        )
      : lineOf(minutes, thread, says.replaceAll("{n}", String(100 + ((thread * 37) % 900))));
  const written = Array.from({ length: times }, (_, at) => {
    const minutes = times === 1 ? 5 : 14.5 - (14.2 * at) / (times - 1);
    return lines.map((says) => line(minutes, 4000 + at, says));
  });
  const calm = { vcpus: 2, memoryGib: 8, freeGib: 64, connections: 85, cpu: 26, iops: 310 };
  return {
    instances: [
      instanceOf(id, {
        Engine: kind,
        EngineVersion: versions[kind],
        DBInstanceClass: "db.m6g.large",
        ...instance,
      }),
    ],
    metrics: { ...withDays(calmRds({ engine: kind, ...calm })), ...metrics },
    events: nightlyBackup(id),
    load: [],
    logs: [
      mysqlErrorLog([...written.flat(), ...later.map(([minutes, says]) => line(minutes, 0, says))], 0.3),
    ],
    way: "probe-failed",
  };
}

/** Who is not allowed in is missing, or a health check. */
const someMissing: Curves = { DatabaseConnections: steps(85, 47, 14) };

/** Of one witness that nobody else confirms. */
const harmful = /reboot-db|failover-db|rds_kill|rds_skip_repl|--db-instance-class/;

async function answerTo(witness: LogWitness, beside: Beside = {}) {
  const evidence = await evidenceOfWorld(worldOf(witness, beside));
  const { rootCauses, findings, headline, verdict } = diagnose(evidence, settingsSchema.parse({}));
  const roots = findings.filter(({ key, severity }) => rootCauses.includes(key) && severity !== "P3");
  const harm = findings.flatMap(({ actions }) => actions.filter(({ preview }) => harmful.test(preview)));
  return { root: roots[0] ?? null, roots: roots.map((root) => root.id), headline, verdict, harm };
}

const serious = [...refused, ...engine, ...replication];

describe("what the log of MySQL and MariaDB says alone", () => {
  it.each(serious)("D7 $name: $root", async (witness) => {
    const beside = witness.name === "host not allowed" ? { metrics: someMissing } : {};
    const { roots, headline, verdict, harm } = await answerTo(witness, beside);
    expect({ roots, verdict, harm }).toEqual({ roots: [witness.root], verdict: "unwell", harm: [] });
    for (const word of witness.says) expect(headline.toLowerCase()).toContain(word.toLowerCase());
  });

  it.each(everyday)("D7 $name is nothing", async (witness) => {
    const { roots, verdict } = await answerTo(witness);
    expect({ roots, verdict }).toEqual({ roots: [], verdict: "unknown" });
  });
});

/** What one line of it proves, however few they are. */
const proof =
  /restart-or-crash|data-corruption|latch|storage-low|temporary-space|replication-stopped|unreachable|prepared/;
const seldom = /^thread cannot|^no undo slot|^user table full/;

describe("one such line", () => {
  const few = serious.filter(({ name, root }) => !proof.test(root ?? "") && !seldom.test(name));
  it.each(few)("D7 $name, once, is any day's", async (witness) => {
    const { roots } = await answerTo({ ...witness, times: 1 });
    expect(roots).toEqual([]);
  });
});

const find = (name: string): LogWitness => {
  const found = [...serious, ...everyday].find((witness) => witness.name === name);
  if (found === undefined) throw new Error(`no witness is called ${name}`);
  return found;
};
const ready =
  "[System] [MY-010931] [Server] /rdsdbbin/mysql/bin/mysqld: ready for connections. Version: '8.0.41'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.";

describe("what others see beside the log", () => {
  it.each(["long semaphore wait", "unknown variable", "repl sql 1062"])(
    "D7 %s is over where the server is ready since",
    async (name) => {
      const { roots } = await answerTo(find(name), { later: [[0.2, ready]] });
      expect(roots).toEqual([]);
    },
  );

  it("D7 a stop of replication is over where RDS counts the replica's lag since", async () => {
    const instance = { ReadReplicaSourceDBInstanceIdentifier: "shop-source" };
    const { roots } = await answerTo(find("repl sql 1062"), {
      instance,
      metrics: { ReplicaLag: () => 0 },
    });
    expect(roots).toEqual([]);
  });

  it("D7 an account whose plugin is not loaded is told where clients are still missing 10 min later", async () => {
    const { name, lines, ...unused } = find("plugin used not loaded");
    const none = { ...unused, name, lines: [] };
    const later = lines.map((says) => [12, says] as const);
    const { roots, headline } = await answerTo(none, { metrics: someMissing, later });
    expect(roots).toEqual(["auth-failures"]);
    expect(headline).toContain("'legacy'@'%'");
    // They come back one by one.
    const soon = await answerTo(none, {
      metrics: { DatabaseConnections: steps(85, 47, 5) },
      later: lines.map((says) => [5, says] as const),
    });
    expect(soon.roots).toEqual([]);
  });

  it("D7 a host that is not allowed in is a health check where nobody is missing", async () => {
    const { roots } = await answerTo(find("host not allowed"));
    expect(roots).toEqual([]);
  });

  it("D3 a redo log that is full is no cause of its own beside a volume that is", async () => {
    const { roots } = await answerTo(find("redo writer waits"), {
      metrics: { FreeStorageSpace: steps(64 * 1024 ** 3, 0.2 * 1024 ** 3, 40) },
    });
    expect(roots).toEqual(["storage-low"]);
  });

  it("D2 a flood is counted whole, and since it began", async () => {
    const { root } = await answerTo(find("redo writer waits"));
    expect(root?.summary).toContain("60 lines in the log, the first 14 min");
  });
});
