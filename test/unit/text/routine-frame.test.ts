import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { logSigns } from "../../../functions/core/facts/corruption-signs.ts";
import { isRaisedIn } from "../../../functions/core/text/routine-frame.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const below = 'SQL statement "SELECT 1"\n\tPL/Python function "f"';

describe("whose words a message is in", () => {
  it("D7 an ERROR is another language's wherever it passed through it, a WARNING where it says it itself", () => {
    expect(isRaisedIn(below, "ERROR")).toBe(true);
    for (const level of ["WARNING", "LOG", "FATAL", "PANIC"]) {
      expect(isRaisedIn(below, level)).toBe(false);
      expect(isRaisedIn('PL/Python function "f"', level)).toBe(true);
    }
  });

  it("D4 hears of a wrong checksum below a function of another language", () => {
    const head = "2026-11-21 09:58:01 UTC:10.0.0.1(4242):shop@app:[812]:";
    const text = `${head}WARNING:  page verification failed, calculated checksum 1 but expected 2\n${head}CONTEXT:  ${below}`;
    const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
    const options = {
      dialect: "postgres",
      queryText: "normalised",
      maxLines: 9,
      maxLineLength: 500,
    } as const;
    const logs = [cleanLog({ ...portion, text }, options)];
    expect(logSigns(metricView({ context: { logs }, overrides: { target: aTarget() } }))).toHaveLength(1);
  });

  it("another server's words are not this one's, and a statement's are no other server's", () => {
    expect(isRaisedIn("remote SQL command: SELECT 1", "ERROR")).toBe(true);
    expect(isRaisedIn("while executing query on unnamed dblink connection", "NOTICE")).toBe(true);
    expect(isRaisedIn('while updating tuple (0,1) in relation "dblink connection"', "ERROR")).toBe(false);
  });
});
