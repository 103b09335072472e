import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { fitReport } from "../../../functions/core/context/fit-report.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { wasLookedFor } from "../../../functions/core/diagnosis/verdict.ts";
import { unreadLog } from "../../../functions/core/facts/unread-log.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

function seen(engine: Engine, text: string, truncated: boolean) {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated } as const;
  const options = { dialect: engine, queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const logs = [cleanLog({ ...portion, text }, options)];
  return metricView({
    engine: engine === "postgres" ? "postgres" : "mysql",
    context: { logs },
    overrides: { target: aTarget({ engine }) },
  });
}

const rows = Array.from({ length: 1000 }, (_, index) => `\t(${index}, 'x${index}', now()),`).join("\n");
const dump = Array.from({ length: 1000 }, (_, index) => ` ${index}: len 4; hex 80000001;`).join("\n");

describe("a log whose end is the inside of something", () => {
  it.each([
    ["postgres", rows],
    ["mariadb", dump],
  ] as const)("D7 is not read, and no parameter is at fault: %s", (engine, text) => {
    const view = seen(engine, text, true);
    expect(unreadLog(view)).toEqual([
      {
        what: "what error/x.log says",
        reason: expect.stringContaining("inside of one statement"),
        howToSee: null,
      },
    ]);
    expect(wasLookedFor("auth-failures", view.evidence)).toBe(false);
  });

  it("D7 is another thing than a prefix that is not read, and than a log that is empty", () => {
    const [missing] = unreadLog(seen("postgres", "LOG: started", false));
    expect(missing?.howToSee).toContain("log_line_prefix");
    for (const engine of ["postgres", "mysql"] as const) {
      const { evidence } = seen(engine, "", false);
      expect(unreadLog(seen(engine, "", false))).toEqual([]);
      expect(wasLookedFor("auth-failures", evidence)).toBe(true);
      const cut = fitReport(
        { schema: "context-report.v1", context: evidence.context ?? null, metrics: [], missing: [] },
        0,
      ).context;
      expect(cut?.logs?.every(({ truncated }) => !truncated)).toBe(true);
    }
    expect(unreadLog(seen("mysql", "----- END OF LOG -----", false))).toEqual([]);
  });
});
