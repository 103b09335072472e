import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../../functions/adapters/memory/virtual-clock.ts";
import type { Engine } from "../../../../functions/core/contract/target.ts";
import { SqlError } from "../../../../functions/core/errors.ts";
import { fenceNode } from "../../../../functions/core/failover/door/fence-node.ts";
import { mysqlDoor } from "../../../../functions/core/failover/door/mysql-door.ts";
import { postgresDoor } from "../../../../functions/core/failover/door/postgres-door.ts";
import type { SqlRow, SqlSession } from "../../../../functions/core/ports.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { changeableTarget } from "../../../support/rds-builder.ts";

const connection = {
  detail: null,
  pointsTo: null,
  tookMs: 1,
  status: "connected",
  failedStep: null,
} as const;

async function turned(engine: Engine, turn: "fence" | "unfence", answer: (sql: string) => SqlRow[]) {
  const ran: string[] = [];
  const session: SqlSession = {
    server: { engine, version: "1", major: 17, backendId: 1 },
    ...{ begin: async () => "ended", limit: async () => undefined, close: async () => undefined },
    query: async ({ sql }) => {
      ran.push(sql);
      return answer(sql);
    },
  };
  const outcome = await fenceNode(
    {
      ...{ run: "run-1", target: { ...changeableTarget, engine }, settings: defaultSettings, turn },
      expiresAt: "2100-01-01T00:00:00Z",
    },
    {
      ...{ clock: createVirtualClock(), log: createCollectingLog() },
      engine: engine === "postgres" ? postgresDoor : mysqlDoor,
      databases: () => ({ connect: async () => ({ kind: "connected", session, connection }) }),
    },
  );
  return { ...outcome, ran };
}

const database = { limit: -1, closed: false, comment: null, read_only_before: null };

function postgres(names: readonly string[], marked: boolean, foreign: RegExp) {
  const comment = marked ? "(rds-responder fence: limit=-1 read_only=unset)" : null;
  return (sql: string): SqlRow[] => {
    if (sql.includes("in_recovery")) return [{ standby: false }];
    if (sql.includes("pg_has_role")) return [{ sees: true, ends: true, user: "act" }];
    if (sql.includes("from pg_database")) {
      return names.map((datname) => ({ ...database, datname, marked, comment }));
    }
    if (/^(alter|comment)/.test(sql) && foreign.test(sql)) throw new SqlError("permission", "42501", "owner");
    return [];
  };
}

function mysql(foreign: RegExp) {
  return (sql: string): SqlRow[] => {
    if (sql.includes("read_only")) return [{ read_only: 0 }];
    if (/^SELECT .*(accounts|fenced)/.test(sql)) return ["a", "m", "z"].map((user) => ({ user, host: "%" }));
    if (sql.startsWith("ALTER") && foreign.test(sql)) throw new SqlError("permission", "E", "denied");
    return [];
  };
}

describe("a fence of which only a part may be raised", () => {
  it("F5 is not told as refused: what was closed has to be opened again", async () => {
    const half = await turned("postgres", "fence", postgres(["orders", "zeta"], false, /zeta/));
    expect(half).toMatchObject({ is: "unknown", says: expect.stringMatching(/a part only.*zeta/) });
    const locked = await turned("mysql", "fence", mysql(/'m'/));
    expect(locked).toMatchObject({ is: "unknown", says: expect.stringMatching(/a part only.*'m'@'%'/) });
  });

  it("F5 is refused where none of it could be, and leaves no trace", async () => {
    expect((await turned("postgres", "fence", postgres(["orders"], false, /orders/))).is).toBe("refused");
    const locked = await turned("mysql", "fence", mysql(/'[amz]'/));
    expect(locked.is).toBe("refused");
    expect(locked.ran.filter((sql) => sql.startsWith("DELETE"))).toHaveLength(3);
  });

  it("F5 is taken off wherever it may be, and what is left is said", async () => {
    const left = await turned("mysql", "unfence", mysql(/'m'/));
    expect(left).toMatchObject({ is: "unknown", says: expect.stringContaining("'m'@'%'") });
    expect(left.ran).toContain("ALTER USER 'z'@'%' ACCOUNT UNLOCK");
    const half = await turned("postgres", "unfence", postgres(["orders", "zeta"], true, /zeta/));
    expect(half.is).toBe("unknown");
  });
});
