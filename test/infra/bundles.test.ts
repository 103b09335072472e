import { describe, expect, it } from "vitest";
import { handlerNames } from "../../lib/bundle-handlers.ts";
import { loadBundles } from "../support/bundle.ts";
import { synthesize } from "../support/synth.ts";

const names = handlerNames();
const bundles = await loadBundles();
const maxBytes = 1_000_000;
/** The two that talk to databases. */
const inVpc = ["act-db", "probe"];

describe("bundles", () => {
  it("Q1 every handler of the stack has one, and no handler is left out of the stack", () => {
    const { handlers } = synthesize({ bundle: false });
    expect(names.toSorted()).toEqual([...handlers.values()].sort());
  });

  it.each(bundles)("Q1 $name is smaller than 1 MB and loads as a handler", ({ bytes, handler }) => {
    expect(bytes).toBeLessThan(maxBytes);
    expect(handler).toBe("function");
  });

  it.each(bundles)("Q4 $name holds no test code, no command line and no CDK", ({ inputs }) => {
    const foreign = inputs.filter((file) =>
      /^(test|bin|lib)\/|adapters\/memory\/|node_modules\/(vitest|aws-cdk-lib|citty)\//.test(file),
    );
    expect(foreign).toEqual([]);
  });

  it.each(bundles)(
    "Q1 $name holds the database drivers only where databases are reached",
    ({ name, inputs }) => {
      const drivers = new Set(
        inputs.flatMap((file) => file.match(/^node_modules\/(pg|mysql2)\//)?.[1] ?? []),
      );
      expect([...drivers].sort()).toEqual(inVpc.includes(name) ? ["mysql2", "pg"] : []);
    },
  );

  it.each(bundles)("Q4 $name holds no secret and no path of the machine that built it", ({ text }) => {
    expect(text).not.toMatch(/xox[abp]-\d|AKIA[0-9A-Z]{16}|-----BEGIN (RSA |EC )?PRIVATE KEY/);
    expect(text).not.toContain(process.cwd());
  });
});
