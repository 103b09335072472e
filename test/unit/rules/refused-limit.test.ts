import { describe, expect, it } from "vitest";
import { databaseUnreachable } from "../../../functions/core/rules/availability/database-unreachable.ts";
import { tooManyConnections } from "../../../functions/core/rules/connections/too-many-connections.ts";
import { instanceLimitReached } from "../../../functions/core/rules/resources/instance-limit-reached.ts";
import { aConnection, aProbe, aView } from "../../support/evidence-builder.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

const refused = (
  detail: string,
  refusedWith: string,
  failedStep: "handshake" | "no-free-slot" = "handshake",
) => {
  const connection = aConnection({ status: "not-connected", failedStep, detail, refusedWith });
  return aView({ overrides: { connection, probes: [] } });
};

describe("a sign-in that is refused for want of something", () => {
  it("D4 names the lock table that is full, and takes the server for no silent one", () => {
    const view = refused("out of shared memory", "53200");
    const [finding] = instanceLimitReached.evaluate(view);
    expect(finding).toMatchObject({ subject: "max_locks_per_transaction", severity: "P1", actions: [] });
    expect(databaseUnreachable.evaluate(view)).toEqual([]);
  });

  it("D4 tells memory from locks, and a blocked host from a server that nobody gets into", () => {
    expect(instanceLimitReached.evaluate(refused("out of memory", "53200"))[0]?.subject).toBe("memory");
    const blocked = instanceLimitReached.evaluate(refused("Host is blocked", "1129"))[0];
    expect(blocked).toMatchObject({ subject: "max_connect_errors", severity: "P2" });
  });

  it("D4 says of any other error that the server answers", () => {
    const [finding] = databaseUnreachable.evaluate(refused("the database system is starting up", "57P03"));
    expect(finding?.summary).toContain("the server answers and lets nobody in (57P03)");
  });

  it("D4 takes a limit of the responder's own for no full server", () => {
    const [finding] = tooManyConnections.evaluate(refused("max_user_connections", "1203", "no-free-slot"));
    expect(finding).toMatchObject({ subject: "own", severity: "P2" });
  });
});

describe("a lock table that fills up", () => {
  const locks = {
    ...{ table: "public.log", tables: 200, indexes: 200, sessions: 5, mostPerSession: 400 },
    throughLockTable: 2000,
  };

  it("D4 is told by a probe that was refused a lock, with who holds the locks", () => {
    const view = lookedDeeper({ "postgres-relation-locks": [locks] });
    const probes = [
      ...view.evidence.probes,
      aProbe("postgres-tables", [], { status: "failed", reason: "out of shared memory" }),
    ];
    const [finding] = instanceLimitReached.evaluate(aView({ overrides: { probes } }));
    expect(finding?.evidence.map(({ says }) => says).join()).toContain("2,000 locks on public.log");
  });

  it("D4 is not said of one whose room is not known, nor of one that has room", () => {
    expect(instanceLimitReached.evaluate(lookedDeeper({ "postgres-relation-locks": [locks] }))).toEqual([]);
  });
});
