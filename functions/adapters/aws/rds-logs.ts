import {
  DescribeDBLogFilesCommand,
  type DescribeDBLogFilesDetails,
  DownloadDBLogFilePortionCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { LogPortion, LogSource, Sight } from "../../core/context-ports.ts";
import type { LogExcerpt } from "../../core/contract/log-excerpt.ts";
import type { Target } from "../../core/contract/target.ts";
import { attempt, during } from "./attempt.ts";

/**
 * Of each file. A sick server writes hundreds of lines a second; where they are long, an answer holds fewer of them: at
 * most a megabyte, of which the END is cut, so that the newest lines are not there.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DownloadDBLogFilePortion.html
 */
const lineCounts = [1000, 200, 40];
const maxAnswerBytes = 1_000_000;
const cutMark = /\[Your log message was truncated\]\s*$/;
const maxBytes = 128 * 1024;

/**
 * The ends of the newest error and slow logs (SPEC M3). PostgreSQL writes slow statements into its one log. A number
 * of lines without a marker means the last ones.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DownloadDBLogFilePortion.html
 */
export function createRdsLogs({ client }: { readonly client: RDSClient }): LogSource {
  return {
    read: async (target, since, signal) => {
      const listed = await listFiles(client, target, since, signal);
      if (listed.value === null) return { value: null, missing: listed.missing };
      const chosen = (["error", "slow"] as const).flatMap((kind) =>
        newestOf(listed.value ?? [], target, kind),
      );
      const read = await Promise.all(chosen.map((file) => readEnd(client, target, file, signal)));
      return {
        value: read.flatMap(({ value }) => (value === null ? [] : [value])),
        missing: read.flatMap(({ missing }) => missing),
      };
    },
  };
}

function listFiles(
  client: RDSClient,
  { name }: Target,
  since: number,
  signal: AbortSignal | undefined,
): Promise<Sight<readonly DescribeDBLogFilesDetails[] | null>> {
  return attempt({ what: "list of log files", action: "rds:DescribeDBLogFiles" }, async () => {
    const command = new DescribeDBLogFilesCommand({ DBInstanceIdentifier: name, FileLastWritten: since });
    return (await client.send(command, during(signal))).DescribeDBLogFiles ?? [];
  });
}

interface Chosen {
  readonly name: string;
  readonly kind: LogExcerpt["kind"];
  readonly lastWritten: number | undefined;
  readonly size: number;
  /** The file before it, whose end goes on in it. */
  readonly before: string | null;
}

const patterns: Readonly<Record<LogExcerpt["kind"], (target: Target) => RegExp | null>> = {
  error: ({ engine }) => (engine === "postgres" ? /^error\/postgresql/ : /^error\/.*error/),
  slow: ({ engine }) => (engine === "postgres" ? null : /^slowquery\//),
};

/**
 * Written beside the plain file where log_destination asks for it, and not read.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
const otherForm = /\.(?:csv|json)$/;
const togetherMs = 5 * 60_000;

function newestOf(
  files: readonly DescribeDBLogFilesDetails[],
  target: Target,
  kind: LogExcerpt["kind"],
): readonly Chosen[] {
  const pattern = patterns[kind](target);
  const written = files
    .filter(({ LogFileName, Size }) => pattern?.test(LogFileName ?? "") && Size !== 0)
    .toSorted((a, b) => (b.LastWritten ?? 0) - (a.LastWritten ?? 0));
  const since = (written[0]?.LastWritten ?? 0) - togetherMs;
  const plain = written.find(
    ({ LogFileName, LastWritten }) => !otherForm.test(LogFileName ?? "") && (LastWritten ?? 0) >= since,
  );
  const newest = plain ?? written[0];
  if (!newest?.LogFileName) return [];
  const { LogFileName: name, LastWritten, Size = 0 } = newest;
  const before = goesOn(target, kind) ? written.find((file) => isBefore(file, name)) : undefined;
  return [{ name, kind, lastWritten: LastWritten, size: Size, before: before?.LogFileName ?? null }];
}

/** PostgreSQL's log begins a new file each hour, as of a queue that stands still. */
const goesOn = ({ engine }: Target, kind: LogExcerpt["kind"]): boolean =>
  engine === "postgres" && kind === "error";

/** `written` has the newest first. */
function isBefore({ LogFileName = "" }: DescribeDBLogFilesDetails, name: string): boolean {
  return LogFileName !== name && otherForm.test(LogFileName) === otherForm.test(name);
}

type Instance = Pick<Target, "name">;

/** Nothing else of this look may wait for the older file, of a server that may be slow. */
const earlierMs = 2000;

async function readEnd(
  client: RDSClient,
  instance: Instance,
  { name, kind, lastWritten, size, before }: Chosen,
  signal: AbortSignal | undefined,
): Promise<Sight<LogPortion | null>> {
  const newest = await endOfFile(client, instance, name, signal);
  if (newest.value === null) return { value: null, missing: newest.missing };
  const { text, isCut } = newest.value;
  const isWhole = !isCut && Buffer.byteLength(text) >= size;
  const soon = AbortSignal.any([AbortSignal.timeout(earlierMs), ...(signal === undefined ? [] : [signal])]);
  const earlier =
    before === null || !isWhole || text.length > maxBytes / 2
      ? null
      : await Promise.race([endOfFile(client, instance, before, soon), givenUp(before, soon)]);
  const portion = {
    file: name,
    kind,
    lastWrittenAt: lastWritten === undefined ? null : new Date(lastWritten).toISOString(),
    text,
    truncated: !isWhole,
    ...(earlier?.value ? { earlier: endOf(earlier.value.text) } : {}),
  };
  return { value: portion, missing: earlier?.missing ?? [] };
}

function givenUp(name: string, signal: AbortSignal): Promise<Sight<null>> {
  const reason = "not read in time; the file that follows it was";
  const given = { value: null, missing: [{ what: `log file ${name}`, reason, howToSee: null }] };
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(given), { once: true });
  });
}

async function endOfFile(
  client: RDSClient,
  { name: instance }: Instance,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Sight<{ readonly text: string; readonly isCut: boolean } | null>> {
  const what = `log file ${name}`;
  const read = await attempt({ what, action: "rds:DownloadDBLogFilePortion" }, async () => {
    for (const lines of lineCounts) {
      const whole = await lastLines(client, { instance, name, lines }, signal);
      if (whole !== null) return { text: endOf(whole), isCut: whole.length > maxBytes };
    }
    return null;
  });
  if (read.value !== null || read.missing.length > 0) return read;
  const reason = `${lineCounts.at(-1)} lines of it are more than RDS gives in one answer, without the newest`;
  return { value: null, missing: [{ what, reason, howToSee: null }] };
}

/** Null: the answer is cut, and ends before the file does. */
async function lastLines(
  client: RDSClient,
  { instance, name, lines }: { readonly instance: string; readonly name: string; readonly lines: number },
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const command = new DownloadDBLogFilePortionCommand({
    DBInstanceIdentifier: instance,
    LogFileName: name,
    NumberOfLines: lines,
  });
  const { LogFileData = "" } = await client.send(command, during(signal));
  const isCut = cutMark.test(LogFileData.slice(-200)) || Buffer.byteLength(LogFileData) >= maxAnswerBytes;
  return isCut ? null : LogFileData;
}

/** From the first whole line within the limit. */
function endOf(text: string): string {
  if (text.length <= maxBytes) return text;
  const cut = text.slice(-maxBytes);
  return cut.slice(cut.indexOf("\n") + 1);
}
