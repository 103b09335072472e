import { describe, expect, it } from "vitest";
import { loadExpected, loadRecording, scenarioNames } from "./folders.ts";
import { isRight, judge } from "./judge.ts";
import { pending } from "./pending.ts";

describe("recorded incidents", () => {
  it.each(scenarioNames())("D1 %s is diagnosed as it should be", (name) => {
    const answer = loadExpected(name);
    const verdict = judge(name, loadRecording(name), answer);
    const { found, expected, rootRight, missed, falseFindings, wrongTargets, wrongAction } = verdict;
    const { forbidden, unsaid, wrongSeverity, wrongVerdict } = verdict;
    const faults = {
      missed,
      falseFindings,
      wrongTargets,
      wrongAction,
      forbidden,
      unsaid,
      wrongSeverity,
      wrongVerdict,
    };
    expect({ found, rootRight, ...faults }, verdict.headline).toEqual({
      found: answer.orRoots.length > 0 ? found : expected,
      rootRight: true,
      missed: [],
      falseFindings: [],
      wrongTargets: [],
      wrongAction: null,
      forbidden: [],
      unsaid: [],
      wrongSeverity: null,
      wrongVerdict: null,
    });
  });

  it.each(Object.entries(pending))("D1 %s is still told wrong, as it is listed", (name, instead) => {
    const verdict = judge(name, loadRecording(name), loadExpected(name));
    expect(isRight(verdict), `${name} has become right: take it from test/scenarios/pending.ts`).toBe(false);
    expect(verdict.found).toBe(instead);
  });
});
