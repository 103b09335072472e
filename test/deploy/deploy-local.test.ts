import { beforeAll, describe, expect, it } from "vitest";
import type { Played } from "../lab/account/incidents.ts";
import { ministackPins } from "../lab/account/ministack.ts";
import { summaryOf } from "../lab/account/summary.ts";
import { type TriedOut, tryOut } from "../lab/account/try-out.ts";
import { pythonEnvironment } from "../lab/endpoint/python-environment.ts";
import { dana } from "../lab/slack/server.ts";

const lacking = await pythonEnvironment(ministackPins).then(
  () => null,
  (error: unknown) => String(error).replaceAll(/\s+/g, " ").slice(0, 300),
);

/** A permission, a name or a variable of the template that is wrong shows here and in no other test. */
describe.skipIf(lacking !== null)(
  `the deployed stack${lacking === null ? "" : ` NOT TRIED: no endpoint to deploy to: ${lacking}`}`,
  () => {
    let tried: TriedOut;
    const said: string[] = [];

    beforeAll(async () => {
      tried = await tryOut((text) => said.push(text));
    });

    const playedOn = (mode: Played["database"]["mode"]): Played => {
      const played = tried.played.find(({ database }) => database.mode === mode);
      if (played === undefined) throw new Error(`no incident was played with ${mode}`);
      return played;
    };
    const endedSessions = ({ incident }: Played) =>
      incident.actions.flatMap(({ outcome }) => outcome?.killed ?? []);

    it("L3 takes an alarm in by each of the three ways", () => {
      const ways = tried.played.map(({ incident }) => incident.trigger?.via);
      expect(ways).toEqual(tried.played.map(({ way }) => way));
      expect(ways.toSorted()).toEqual(["eventbridge", "lambda", "sns"]);
    });

    it("L3 finds the idle transaction on every engine, over TLS, and sees each incident to its resolution", () => {
      for (const { incident, evidence } of tried.played) {
        expect(incident.cause?.rootCauses[0]?.id).toBe("blocked-by-idle-transaction");
        expect(incident.status).toBe("resolved");
        expect(evidence.target.name).toBe(incident.target.name);
      }
    });

    it("A42 ends the session after a signed click of an approver", () => {
      const played = playedOn("approve");
      expect(endedSessions(played)).toEqual([played.culprit]);
      expect(played.incident.actions).toMatchObject([{ decidedBy: dana.id, status: "finished" }]);
    });

    it("A40 ends the session by itself where it may", () => {
      const played = playedOn("auto");
      expect(endedSessions(played)).toEqual([played.culprit]);
    });

    it("A40 touches nothing where it may only look", () => {
      const played = playedOn("observe");
      expect(endedSessions(played)).toEqual([]);
      expect(played.audit.map(({ phase }) => phase)).toEqual(["withheld"]);
    });

    it("Q3 writes what it is about to do and what came of it", () => {
      for (const mode of ["approve", "auto"] as const) {
        expect(
          playedOn(mode)
            .audit.map(({ phase }) => phase)
            .sort(),
        ).toEqual(["finished", "ordered"]);
      }
    });

    it("A20 reads with its own role how the database stands before it would change it on AWS", () => {
      expect(tried.change).toMatchObject({
        ...{ status: "refused", mayHaveActed: false },
        refusal: { guard: "state-changed", reason: expect.stringContaining("orders is db.r7g.large by now") },
      });
    });

    it("F1 K4 rehearses a failover with the deployed machine, and says why there would be none", () => {
      expect(tried.rehearsal).toMatchObject({ database: "orders", status: "held" });
      expect(tried.rehearsal.says).toContain("no standby, no reader and no replica");
      expect(tried.rehearsal.nextCommand).toContain("restore-db-instance-to-point-in-time");
    });

    it("Q4 needs no permission that the template does not grant, and runs every function of it without an error", () => {
      expect(summaryOf(tried).complaints).toEqual([]);
    });

    it("Q4 IAM is enforced: looking and acting are kept apart, and nobody changes a database", () => {
      const permitted = (what: TriedOut["attempted"][number]["what"]) =>
        tried.attempted.filter((one) => one.what === what && one.refused === null).map(({ as }) => as);
      const [lookers, actors] = [permitted("secret for looking"), permitted("secret for acting")];
      expect(lookers.length).toBeGreaterThan(0);
      expect(actors.length).toBeGreaterThan(0);
      expect(lookers.filter((name) => actors.includes(name))).toEqual([]);
      const inDatabases = new Set([...lookers, ...actors]);
      expect(permitted("incident").filter((name) => inDatabases.has(name))).toEqual([]);
      expect(permitted("change of a database")).toEqual([]);
    });
  },
);
