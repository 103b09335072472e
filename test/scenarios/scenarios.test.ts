import { describe, expect, it } from "vitest";
import { loadExpected, loadRecording, scenarioNames } from "./folders.ts";
import { judge } from "./judge.ts";

describe("recorded incidents", () => {
  it.each(scenarioNames())("D1 %s is diagnosed as it should be", (name) => {
    const wanted = loadExpected(name);
    const verdict = judge(name, loadRecording(name), wanted);
    const { found, expected, missed, falseFindings, wrongTargets, wrongAction } = verdict;
    expect({ found, missed, falseFindings, wrongTargets, wrongAction }, verdict.headline).toEqual({
      found: expected,
      missed: [],
      falseFindings: [],
      wrongTargets: [],
      wrongAction: null,
    });
    expect(verdict.verdict).toBe(expected === null ? (wanted.verdict ?? "well") : "unwell");
  });
});
