import { writeFileSync } from "node:fs";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Evidence, Tier } from "../../functions/core/contract/evidence.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { type Command, choice, textOption, textOptions, UsageError } from "../cli/command.ts";
import { databaseFromUrl } from "../cli/database-url.ts";
import { databasesAt } from "../cli/databases.ts";
import { judge } from "../cli/judge.ts";
import { evidenceOf, present } from "../cli/present.ts";
import { settingsWith } from "../cli/thresholds.ts";

const tiers: readonly Tier[] = ["immediate", "performance", "health"];

const doing = {
  immediate: "connections, sessions, locks",
  performance: "statements, rates, tables, replication (two readings, a second apart)",
  health: "indexes, constraints, sizes",
} as const satisfies Record<Tier, string>;

/** A person's terminal has room for more than a state machine. */
const maxBytes = 2_000_000;

export const diagnose: Command = {
  summary: "Looks inside a database, read-only, and says what is wrong with it and why",
  usage: [
    "responder diagnose --url URL [--tier TIER] [--format text|json] [--set name=value ...] [--ca FILE] [--save FILE]",
    "",
    "  --url     postgres://, mysql:// or mariadb://user:password@host:port/database",
    "            TLS is verified, except on this machine or with ?sslmode=disable",
    "  --tier    how deep: immediate (locks and connections, milliseconds), performance, health;",
    "            each includes the ones before it; health when left out",
    "  --set     a threshold, for example --set longRunningSeconds=30",
    "  --ca      PEM file of certificate authorities to trust",
    "  --save    keep the evidence, for responder replay",
    "",
    "exit code: 0 healthy, 1 findings of P0-P2, 2 usage, 3 could not connect, 5 cannot judge",
  ].join("\n"),
  options: {
    url: { type: "string" },
    tier: { type: "string" },
    format: { type: "string" },
    set: { type: "string", multiple: true },
    ca: { type: "string" },
    save: { type: "string" },
  },
  run: async (options, io) => {
    const url = textOption(options, "url") ?? process.env["RESPONDER_URL"];
    if (url === undefined) throw new UsageError("--url is missing");
    const format = choice(options, "format", ["text", "json"], "text");
    const depth = tiers.indexOf(choice(options, "tier", tiers, "health"));
    const settings = settingsWith(textOptions(options, "set"));
    const { target, signIn, tls } = databaseFromUrl(url, textOption(options, "ca"));
    const clock = createSystemClock();
    const started = clock.now();
    const report = await collectProbeReport(
      databasesAt({ signIn, tls }),
      target,
      settings,
      probes,
      tiers.slice(0, depth + 1),
      clock,
      undefined,
      { maxBytes, progress: (tier) => io.terminal && io.err(`Looking at ${doing[tier]} …`) },
    );
    const evidence = evidenceOf(report, settings);
    save(textOption(options, "save"), evidence);
    return present(evidence, judge(evidence, settings), clock.now() - started, format, io);
  },
};

function save(file: string | undefined, evidence: Evidence): void {
  if (file === undefined) return;
  try {
    writeFileSync(file, `${JSON.stringify(evidence, null, 1)}\n`);
  } catch {
    throw new UsageError(`--save: ${file} cannot be written`);
  }
}
