import { writeFileSync } from "node:fs";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import { settingsOf } from "../../functions/core/diagnosis/judged-by.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { htmlReport } from "../../functions/core/report/html-report.ts";
import { markdownReport } from "../../functions/core/report/markdown-report.ts";
import { reportOf } from "../../functions/core/report/report.ts";
import { defaultSettings, type Settings } from "../../functions/core/settings.ts";
import {
  type Command,
  choice,
  type Io,
  type Options,
  textOption,
  textOptions,
  UsageError,
} from "../cli/command.ts";
import { databaseFromUrl } from "../cli/database-url.ts";
import { databasesAt } from "../cli/databases.ts";
import { loadEvidence } from "../cli/evidence-file.ts";
import { judge } from "../cli/judge.ts";
import { evidenceOf, exitCodeOf } from "../cli/present.ts";
import { settingsWith } from "../cli/thresholds.ts";

const maxBytes = 2_000_000;
const renderers = { html: htmlReport, markdown: markdownReport } as const;
const endings = { html: "html", markdown: "md" } as const;

export const report: Command = {
  summary: "Writes a diagnosis as one page to keep: who blocks whom, metrics, findings, remedies",
  usage: [
    "responder report --url URL | FILE [--out FILE] [--format html|markdown] [--set name=value ...] [--ca FILE]",
    "",
    "  --url      looks at this database first, at every tier, read-only",
    "  FILE       evidence that diagnose --save kept",
    "  --out      where to write it; report.html or report.md when left out, - for the terminal",
    "  --format   html when left out: one file that needs no network and no script",
    "",
    "exit code: 0 healthy, 1 findings of P0-P2, 2 usage, 3 could not connect, 5 cannot judge",
  ].join("\n"),
  options: {
    file: { type: "string" },
    url: { type: "string" },
    out: { type: "string" },
    format: { type: "string" },
    set: { type: "string", multiple: true },
    ca: { type: "string" },
  },
  positional: "file",
  run: async (options, io) => {
    const format = choice(options, "format", ["html", "markdown"], "html");
    const assignments = textOptions(options, "set");
    const evidence = await evidenceFor(options, settingsWith(assignments), io);
    const settings = settingsWith(assignments, settingsOf(evidence, defaultSettings));
    const diagnosis = judge(evidence, settings);
    const page = renderers[format](reportOf(diagnosis, evidence, settings));
    deliver(textOption(options, "out") ?? `report.${endings[format]}`, page, io);
    return exitCodeOf(evidence, diagnosis);
  },
};

async function evidenceFor(options: Options, settings: Settings, io: Io): Promise<Evidence> {
  const file = textOption(options, "file");
  const url = textOption(options, "url") ?? (file === undefined ? process.env["RESPONDER_URL"] : undefined);
  if (file !== undefined && url !== undefined) throw new UsageError("either --url or a file, not both");
  if (file !== undefined) return loadEvidence(file);
  if (url === undefined) throw new UsageError("--url or a file is missing");
  const { target, signIn, tls } = databaseFromUrl(url, textOption(options, "ca"));
  const progress = (): unknown => io.terminal && io.err("Looking …");
  return evidenceOf(
    await collectProbeReport(
      databasesAt({ signIn, tls }),
      target,
      settings,
      probes,
      ["immediate", "performance", "health"],
      createSystemClock(),
      undefined,
      { maxBytes, progress },
    ),
    settings,
  );
}

function deliver(file: string, page: string, io: Io): void {
  if (file === "-") {
    io.out(page);
    return;
  }
  try {
    writeFileSync(file, page);
  } catch {
    throw new UsageError(`--out: ${file} cannot be written`);
  }
  io.err(`Wrote ${file} (${Math.ceil(page.length / 1024)} KiB)`);
}
