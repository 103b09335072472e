import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { faultBefore } from "./aws-faults.ts";
import { type CoordinateLab, startCoordinateLab } from "./coordinate-lab.ts";
import { deploymentSettings, runStep, stepCases } from "./coordinate-steps.ts";

const good = JSON.stringify(deploymentSettings);
const misspelt = JSON.stringify({ policy: { modes: { disruptive: "auto" }, protectedUser: ["etl"] } });
/** What people and programs have been seen to write, and what is wrong with it. */
const wrongTexts = [
  ["misspelt", misspelt, "policy.protectedUser: there is no such setting; did you mean protectedUsers?"],
  ["no JSON", "policy:\n  modes: auto", "the whole text is not JSON, at line 1, column 1"],
  ["cut off", good.slice(0, -9), expect.stringContaining("the whole text is not JSON")],
  ["a list", "[]", expect.stringContaining("the whole: ")],
  ["a wrong word", '{"policy": {"modes": {"safe": "yes"}}}', expect.stringContaining("policy.modes.safe: ")],
] as const;

await onEndpoint("a wrong policy, read by a function that has just started", (aws) => {
  let lab: CoordinateLab;
  let cases = 0;

  beforeAll(async () => {
    lab = await startCoordinateLab(aws, deploymentSettings);
    await lab.deps("clean").settings.read();
  });
  afterAll(() => lab?.stop());

  /** A step of an open incident, run by a cold function, and what came of it. */
  async function run(step: "prepare" | "authorize" | "close", on: CoordinateLab, way: "faulty" | "clean") {
    const given = stepCases[step];
    if (given === undefined) throw new Error(`no case for ${step}`);
    const id = `settings-${cases++}`;
    const deps = on.deps(way);
    await on.deps("clean").incidents.open(given.incident(id));
    const answer = await runStep(given.input(id), deps);
    return { id, answer, deps, audit: await on.deps("clean").incidents.audit(id) };
  }

  describe.each(wrongTexts)("%s", (_, text, fault) => {
    beforeAll(() => lab.writeSettings(text));
    afterAll(() => lab.writeSettings(good));

    it("A41 the incident is looked at with the last good settings, and told what is wrong", async () => {
      const { answer } = await run("prepare", lab, "clean");
      expect(answer).toMatchObject({
        settings: deploymentSettings,
        settingsStanding: { kind: "invalid", faults: [fault] },
      });
    });

    it("A41 nothing is done by itself: a person is asked, and the audit says why", async () => {
      const { id, deps, answer, audit } = await run("authorize", lab, "clean");
      expect(answer).toMatchObject({ permitted: false, order: null, step: { awaitsDecision: true } });
      expect((await deps.incidents.get(id))?.actions).toMatchObject([{ status: "awaiting-approval" }]);
      expect(audit).toMatchObject([{ phase: "withheld", refusal: { guard: "settings-invalid" } }]);
    });

    it("Q3 the incident ends as any other", async () => {
      const { id, deps } = await run("close", lab, "clean");
      expect((await deps.incidents.get(id))?.status).toBe("resolved");
    });
  });

  describe("where no good settings were ever kept", () => {
    let fresh: CoordinateLab;
    beforeAll(async () => {
      fresh = await startCoordinateLab(aws, { policy: { modes: { disruptive: "auto" }, protectedUser: [] } });
    });
    afterAll(() => fresh?.stop());

    it("A41 nothing is done and nobody is asked, and what is wrong is said", async () => {
      const { answer, audit } = await run("authorize", fresh, "clean");
      expect(answer).toMatchObject({ permitted: false, step: { kind: "watch" } });
      expect(audit).toMatchObject([
        { refusal: { guard: "no-settings", reason: expect.stringContaining("protectedUser") } },
      ]);
    });

    it.each(["refused", "hung", "half-answered"] as const)(
      "A41 the incident is looked at when Parameter Store is %s, and everything only observed",
      async (kind) => {
        await fresh.proxy.inject([faultBefore("ssm:GetParameter", kind)]);
        const { answer } = await run("prepare", fresh, "faulty");
        await fresh.proxy.inject([]);
        expect(answer).toMatchObject({
          settings: {
            policy: { modes: { safe: "observe", disruptive: "observe", irreversible: "observe" } },
          },
          settingsStanding: { kind: "unreadable", instead: null },
        });
      },
    );

    it("A41 the incident is looked at even when the table does not hand out the kept ones", async () => {
      const { incidents } = fresh.deps("clean");
      await fresh.proxy.inject([
        faultBefore("ssm:GetParameter", "refused"),
        faultBefore("dynamodb:GetItem", "refused"),
      ]);
      const { settings, standing } = await fresh.deps("faulty").settings.readWithStanding();
      await fresh.proxy.inject([]);
      expect(standing).toMatchObject({ kind: "unreadable", instead: null });
      expect(settings.policy.modes.safe).toBe("observe");
      expect(await incidents.get("nobody")).toBeNull();
    });
  });
});
