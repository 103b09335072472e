import { createSsmClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSsmKillSwitch } from "../../functions/adapters/aws/ssm-kill-switch.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { type FailoverInput, parseFailoverInput } from "../../functions/core/contract/failover-input.ts";
import { InvalidInputError, messageOf } from "../../functions/core/errors.ts";
import { checkForce } from "../../functions/core/failover/vetoes/standing.ts";
import { visible } from "../../functions/core/text/visible.ts";
import { agreed } from "../cli/carry-out.ts";
import {
  type Command,
  type ExitCode,
  exitCodes,
  type Io,
  type Options,
  textOption,
  textOptions,
  UsageError,
} from "../cli/command.ts";
import { deployedSettings } from "../cli/deployed-settings.ts";
import { failInPlace } from "../cli/fail-in-place.ts";
import { failoverExecutions } from "../cli/failover-executions.ts";
import { failoverPlace } from "../cli/failover-place.ts";
import { endWatch, formatOf, regionOf, showRun } from "../cli/failover-run.ts";
import { followFailover } from "../cli/follow-failover.ts";
import { agreedToGoOn, type GoingOn } from "../cli/go-on-failover.ts";
import { tableDeps, tableOptions, tableUsage } from "../cli/incident-table.ts";

export const failover: Command = {
  summary: "Fails a database over: every check, the plan, the question, and then each step as it happens",
  usage: [
    "responder failover NAME --reason TEXT [--dry-run] [--candidate X] [--planned] [--force [VETO]…]",
    "                   [--max-lag-seconds N] [--yes] [--format text|json] [--table TABLE] [--region REGION]",
    "responder failover NAME --reason TEXT --start [--stack NAME]     the deployed state machine does it, followed here",
    "responder failover --redrive RUN [--force VETO]… [--stack NAME]  goes on with a run that failed, as --start does",
    "responder failover --give-back RUN [--stack NAME]                takes off the fence that such a run left, and nothing else",
    "responder failover --show RUN --table TABLE                      how a run stands",
    "responder failover --gone RUN --table TABLE                      its old primary is watched for no more; people stay with it where the choice was theirs",
    "",
    "  NAME      DB instance, cluster or global database",
    "  --force   overrides one veto by its name, as often as needed; without a name every one that can be",
    "  --planned the primary is well, and nothing is to be lost",
    "  --yes     does not ask",
    ...tableUsage,
    "            Without it this process alone knows of the lock and the run: no other failover is held off by it,",
    "            and --redrive does not know it.",
    "  --stack   of the deployment, rds-responder when left out: its machine is NAME-failover, and /NAME/settings says which",
    "            names move with a database and which security group fences",
    "",
    "In place it looks and acts with your own AWS credentials, and reaches the databases from this machine.",
    "exit code: 0 failed over, or a dry run that would, 1 needs you, 2 usage, 3 could not connect, 4 held by a veto",
  ].join("\n"),
  positional: "name",
  bare: { force: "all" },
  options: {
    ...tableOptions,
    name: { type: "string" },
    reason: { type: "string" },
    candidate: { type: "string" },
    force: { type: "string", multiple: true },
    "max-lag-seconds": { type: "string" },
    "dry-run": { type: "boolean" },
    planned: { type: "boolean" },
    yes: { type: "boolean" },
    start: { type: "boolean" },
    stack: { type: "string" },
    redrive: { type: "string" },
    "give-back": { type: "string" },
    show: { type: "string" },
    gone: { type: "string" },
    format: { type: "string" },
  },
  run: async (options, io) => {
    const shown = textOption(options, "show");
    if (shown !== undefined) return showRun(shown, options, io);
    const gone = textOption(options, "gone");
    if (gone !== undefined) return endWatch(gone, options, io);
    const ended = endedOf(options);
    if (ended !== null) return goOn(ended, options, io);
    const input = inputOf(options);
    return options["start"] === true ? follow(input, options, io) : inPlace(input, options, io);
  },
};

function endedOf(options: Options): GoingOn | null {
  const [redrive, giveBack] = [textOption(options, "redrive"), textOption(options, "give-back")];
  if (redrive !== undefined && giveBack !== undefined)
    throw new UsageError("--redrive goes on with a failover, --give-back ends it: one of the two");
  const force = textOptions(options, "force");
  if (giveBack !== undefined) {
    if (force.length > 0)
      throw new UsageError("--give-back takes a fence off, and overrides nothing: no --force");
    return { giveBack };
  }
  if (redrive === undefined) return null;
  if (force.includes("all"))
    throw new UsageError("--redrive overrides what is named: --force VETO, one by one");
  if (force.length === 0) return { redrive };
  return { redrive, force: forcedOf(force) };
}

function forcedOf(force: readonly string[]): readonly string[] {
  try {
    checkForce({ force: [...force] });
    return force;
  } catch (error) {
    if (error instanceof InvalidInputError) throw new UsageError(error.message);
    throw error;
  }
}

async function goOn(of: GoingOn, options: Options, io: Io): Promise<ExitCode> {
  const say = formatOf(options) === "json" ? io.err : io.out;
  const asked = async () => options["yes"] === true || (await agreed());
  if (!(await agreedToGoOn(of, { say, agreed: asked }))) return exitCodes.refused;
  return follow(of, options, io);
}

/** Whatever is wrong with it is found before anything is asked of AWS. */
function inputOf(options: Options): FailoverInput {
  const forced = textOptions(options, "force");
  const lag = textOption(options, "max-lag-seconds");
  const candidate = textOption(options, "candidate");
  try {
    const input = parseFailoverInput({
      database: textOption(options, "name"),
      reason: textOption(options, "reason"),
      ...(candidate === undefined ? {} : { candidate }),
      ...(lag === undefined ? {} : { maxLagSeconds: Number(lag) }),
      kind: options["planned"] === true ? "planned" : "unplanned",
      dryRun: options["dry-run"] === true,
      force: forced.includes("all") ? true : forced.length === 0 ? false : forced,
    });
    checkForce(input);
    return input;
  } catch (error) {
    if (error instanceof InvalidInputError) throw new UsageError(error.message);
    throw error;
  }
}

function stackOf(options: Options): string {
  return textOption(options, "stack") ?? "rds-responder";
}

async function follow(input: object, options: Options, io: Io): Promise<ExitCode> {
  const format = formatOf(options);
  try {
    const executions = await failoverExecutions(regionOf(options), stackOf(options));
    const name = createRandomIds().next();
    return await followFailover(name, input, { executions, clock: createSystemClock(), format }, io);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    io.err(visible(`The state machine could not be started or asked (${messageOf(error)}).`));
    return exitCodes.notConnected;
  }
}

async function inPlace(input: FailoverInput, options: Options, io: Io): Promise<ExitCode> {
  const format = formatOf(options);
  const region = regionOf(options);
  const table = textOption(options, "table") ?? null;
  const deployment = table === null ? null : tableDeps(options);
  const { settings, unknown: why } = await deployedSettings(region, `/${stackOf(options)}/settings`);
  const say = (text: string): void => (format === "json" ? io.err : io.out)(visible(text));
  if (why !== null) say(`${why}: no name is moved, and no security group fences an old primary.\n`);
  if (table === null) say("No --table: this process alone knows of the lock, and of the run.\n");
  const place = {
    ports: failoverPlace({ region, table, settings, say }),
    ...{
      clock: createSystemClock(),
      ids: createRandomIds(),
      incidents: deployment?.incidents ?? null,
      format,
    },
    // Settings that could be read are those of a deployment, which has a switch.
    ...(why === null ? { killSwitch: switchOf(region, stackOf(options)) } : {}),
    agreed: async () => options["yes"] === true || (await agreed()),
  };
  return failInPlace(input, place, io);
}

function switchOf(region: string, stack: string) {
  return createSsmKillSwitch({ client: createSsmClient({ region }), parameter: `/${stack}/kill-switch` });
}
