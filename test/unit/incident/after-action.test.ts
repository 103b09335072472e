import { expect, it } from "vitest";
import { aFinding, secondsLater } from "../../support/diagnosis-builder.ts";
import { anAction, anIncident, anOutcome } from "../../support/incident-builder.ts";
import { aSummary, look, play, unknown, well } from "../../support/incident-play.ts";

const finding = aFinding();
const before = aSummary({ diagnosedAt: secondsLater(5), rootCauses: [finding] });
const acted = anIncident({
  ...{ cycle: 1, diagnosis: before, cause: before, status: "mitigating" },
  actions: [
    anAction({
      ...{ findingKey: finding.key, status: "finished", orderId: "o1", updatedAt: secondsLater(8) },
      outcome: anOutcome({ orderId: "o1" }),
    }),
  ],
});

const saidAfter = (summary: Parameters<typeof look>[2]) =>
  play([look(2, 28, summary)], "observe", acted).timeline.find(({ key }) => key === "after#o1")?.says;

it("V1 the first look after an action stands beside the one before it, with whether it helped", () => {
  expect(saidAfter(well)).toMatch(
    /^Looked again 20 s after it \(.*\)\. Before: .*\. Now: .*\. The cause has gone\.$/,
  );
  expect(saidAfter(well)).toContain(finding.summary);
  expect(saidAfter(aSummary({ rootCauses: [finding] }))).toContain(
    "It did not help: the cause is there still.",
  );
  const another = aFinding({ key: "another", summary: "Something else." });
  expect(saidAfter(aSummary({ rootCauses: [another] }))).toContain("another one is there");
  expect(saidAfter(unknown)).toContain("cannot be told");
});

it("V1 says it once, and nothing of what was not done", () => {
  const twice = play([look(2, 28, well), look(3, 88, well)], "observe", acted);
  expect(twice.timeline.filter(({ key }) => key.startsWith("after#"))).toHaveLength(1);
  const refused = {
    ...acted,
    actions: acted.actions.map((one) => ({
      ...one,
      outcome: anOutcome({ status: "refused", killed: [], mayHaveActed: false }),
    })),
  };
  expect(
    play([look(2, 28, well)], "observe", refused).timeline.some(({ key }) => key.startsWith("after#")),
  ).toBe(false);
});
