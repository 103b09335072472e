import { describe, expect, it } from "vitest";
import { handlerNames } from "../../lib/bundle-handlers.ts";
import { loadBundles } from "../support/bundle.ts";
import { synthesize } from "../support/synth.ts";

const names = handlerNames();
const bundles = await loadBundles();
/**
 * All rules, in one, within SPEC Q1's limit: a MB as Lambda counts, whose 250 MB are 262,144,000 bytes. MySQL's driver
 * leaves less room for its 40 probes, and for its actions. The failover decides, looks and acts in one.
 */
const larger: Record<string, number> = {
  diagnose: 1_048_576,
  failover: 640_000,
  "probe-mysql": 660_000,
  "act-mysql": 620_000,
};
const maxBytes = (name: string) => larger[name] ?? 600_000;
/** Those that talk to databases, each by its own driver. */
const drivers: Record<string, string> = {
  "probe-postgres": "pg",
  "act-postgres": "pg",
  "probe-mysql": "mysql2",
  "act-mysql": "mysql2",
};

describe("bundles", () => {
  it("Q1 every handler of the stack has one, and no handler is left out of the stack", () => {
    const { handlers } = synthesize({ bundle: false });
    expect(names.toSorted()).toEqual([...handlers.values()].sort());
  });

  it.each(bundles)("Q1 $name is small, and loads as a handler", ({ name, bytes, handler }) => {
    expect(bytes).toBeLessThan(maxBytes(name));
    expect(handler).toBe("function");
  });

  it.each(bundles)("Q1 $name compiles no parsers while people wait for it to start", ({ compiled }) => {
    expect(compiled).toBe(0);
  });

  it.each(bundles)("Q4 $name holds no test code, no command line and no CDK", ({ inputs }) => {
    const foreign = inputs.filter((file) =>
      /^(test|bin|lib)\/|adapters\/memory\/|node_modules\/(vitest|aws-cdk-lib|citty)\//.test(file),
    );
    expect(foreign).toEqual([]);
  });

  it.each(bundles)("Q1 $name holds a database driver only where it needs it", ({ name, inputs }) => {
    const held = new Set(inputs.flatMap((file) => file.match(/^node_modules\/(pg|mysql2)\//)?.[1] ?? []));
    expect([...held]).toEqual([drivers[name] ?? []].flat());
  });

  it.each(bundles)("Q1 $name holds how an action is done only where it is done", ({ name, inputs, text }) => {
    const doing = inputs.filter((file) =>
      /core\/actions\/(execute|execute-aws|wait-for|index|aws-index|aws\/(change|guards|progress|send-call)|signals\/(.*-look|.*-guards?|victim|send-signal|session-signals))\.ts$/.test(
        file,
      ),
    );
    const acts = name.startsWith("act-");
    expect(doing.length > 0).toBe(acts);
    expect(text.includes("preCheck")).toBe(acts);
  });

  it.each(bundles)("Q4 $name holds no secret and no path of the machine that built it", ({ text }) => {
    expect(text).not.toMatch(/xox[abp]-\d|AKIA[0-9A-Z]{16}|-----BEGIN (RSA |EC )?PRIVATE KEY/);
    expect(text).not.toContain(process.cwd());
  });
});
