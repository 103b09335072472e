import { expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";

const head = "2026-11-21 09:58:01 UTC:10.0.0.1(4242):shop@app:[812]:";

it("P7 keeps no value of a statement that could not be parsed, with a backtrace between it and its error", () => {
  const text = [
    `${head}ERROR:  unterminated quoted string at or near "'john@example.com AND card = 4111"`,
    `${head}BACKTRACE:  postgres: shop app(errstart+0x1f) [0x55d]`,
    `${head}STATEMENT:  SELECT a FROM t WHERE b = 'x' AND m = 'john@example.com AND card = 4111`,
  ].join("\n");
  const log = { file: "error/postgresql.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = {
    dialect: "postgres",
    queryText: "normalised",
    maxLines: 40,
    maxLineLength: 1000,
  } as const;
  const { lines } = cleanLog({ ...log, text }, options);
  expect(lines.join("\n")).not.toMatch(/john|4111/);
  expect(lines.at(-1)).toMatch(/STATEMENT: {1,2}\?$/);
});
