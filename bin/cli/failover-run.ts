import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { InvalidInputError } from "../../functions/core/errors.ts";
import { isLeftToPeople } from "../../functions/core/failover/between-two.ts";
import { giveBackCommand } from "../../functions/core/failover/commands.ts";
import { runPrefix } from "../../functions/core/failover/decide-failover.ts";
import { watchEnded } from "../../functions/core/failover/end-watch.ts";
import { endMessage } from "../../functions/core/failover/messages.ts";
import { fenceStands } from "../../functions/core/failover/turn.ts";
import { renderText } from "../../functions/core/messages/text.ts";
import { visibleJson } from "../../functions/core/text/visible.ts";
import {
  choice,
  type ExitCode,
  exitCodes,
  type Io,
  type Options,
  textOption,
  UsageError,
} from "./command.ts";
import { recordsIn } from "./failover-place.ts";

export function formatOf(options: Options): "text" | "json" {
  return choice(options, "format", ["text", "json"], "text");
}

export function regionOf(options: Options): string {
  const region = textOption(options, "region") ?? process.env["AWS_REGION"];
  if (region === undefined) throw new UsageError("--region is missing");
  return region;
}

/** How a run stands, by its record. */
export async function showRun(id: string, options: Options, io: Io): Promise<ExitCode> {
  const run = await runsOf(options).get(id);
  if (run === null) return notKnown(id, io);
  if (formatOf(options) === "json") io.out(visibleJson(JSON.stringify(run, null, 1)));
  else if (run.ending === null) io.out(`${id} goes on in ${run.phase}, by ${run.driver?.name ?? "nobody"}.`);
  else io.out(renderText(endMessage(run, run.driver?.at ?? run.startedAt)));
  return exitCodes.healthy;
}

/** A person says that the old primary is gone, or theirs to look after. */
export async function endWatch(id: string, options: Options, io: Io): Promise<ExitCode> {
  const runs = runsOf(options);
  const run = await runs.get(id);
  if (run === null) return notKnown(id, io);
  const nodes = run.duties.map(({ node }) => node).join(", ");
  const ended = watchEndedAt(run, createSystemClock().now());
  await runs.save(ended);
  io.out(nodes === "" ? `${id} watched for nothing.` : `${nodes}: watched for no more.`);
  if (isLeftToPeople(run)) io.out(`People stay with ${run.oldPrimary}: ${id} is not redriven any more.`);
  if (ended.staysAt !== null && fenceStands(run))
    io.out(`Where its fence stands still: ${giveBackCommand(run)} takes it off.`);
  return exitCodes.healthy;
}

function watchEndedAt(run: FailoverRun, now: number): FailoverRun {
  try {
    return watchEnded(run, now);
  } catch (error) {
    if (error instanceof InvalidInputError) throw new UsageError(error.message);
    throw error;
  }
}

function runsOf(options: Options) {
  const table = textOption(options, "table");
  if (table === undefined) throw new UsageError("--table is missing");
  return recordsIn(table, regionOf(options)).runs;
}

function notKnown(id: string, io: Io): ExitCode {
  io.err(`No run ${id} is known there; ids begin with ${runPrefix}.`);
  return exitCodes.findings;
}
