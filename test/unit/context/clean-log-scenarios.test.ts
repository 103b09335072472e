import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { LogExcerpt } from "../../../functions/core/contract/log-excerpt.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { allScenarioNames, loadRecording } from "../../scenarios/folders.ts";

const withLogs = allScenarioNames()
  .map((name) => ({ name, recording: loadRecording(name) }))
  .filter(({ recording }) => (recording.evidence.context?.logs ?? []).length > 0);

describe("a log without values", () => {
  it.each(withLogs)("P7 tells the rules all that they read in it: $name", ({ recording }) => {
    const { evidence, thresholds } = recording;
    const settings = settingsSchema.parse({ thresholds });
    const dialect = evidence.target.engine;
    // What was counted in the whole is not told by the lines that were kept of it.
    const cleaned = ({ read, slow, ...log }: LogExcerpt): LogExcerpt => ({
      ...cleanLog(
        { ...log, text: log.lines.join("\n") },
        { dialect, queryText: "normalised", maxLines: 1000, maxLineLength: 1000 },
      ),
      ...(read === undefined ? {} : { read }),
      ...(slow === undefined ? {} : { slow }),
    });
    const logs = (evidence.context?.logs ?? []).map(cleaned);
    const again = { ...evidence, context: evidence.context && { ...evidence.context, logs } };
    const told = (from: typeof evidence) =>
      diagnose(from, settings).findings.map(({ key, severity, confidence }) => [key, severity, confidence]);
    expect(told(again)).toEqual(told(evidence));
  });
});
