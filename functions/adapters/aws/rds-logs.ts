import {
  DescribeDBLogFilesCommand,
  type DescribeDBLogFilesDetails,
  DownloadDBLogFilePortionCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { LogPortion, LogSource, Sight } from "../../core/context-ports.ts";
import type { LogExcerpt } from "../../core/contract/context.ts";
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
      const read = await Promise.all(chosen.map((file) => readEnd(client, target.name, file, signal)));
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
  return [{ name: newest.LogFileName, kind, lastWritten: newest.LastWritten, size: newest.Size ?? 0 }];
}

async function readEnd(
  client: RDSClient,
  instance: string,
  { name, kind, lastWritten, size }: Chosen,
  signal: AbortSignal | undefined,
): Promise<Sight<LogPortion | null>> {
  const read = await attempt(
    { what: `log file ${name}`, action: "rds:DownloadDBLogFilePortion" },
    async () => {
      for (const lines of lineCounts) {
        const whole = await lastLines(client, { instance, name, lines }, signal);
        if (whole !== null) return whole;
      }
      return null;
    },
  );
  if (read.missing.length > 0) return { value: null, missing: read.missing };
  if (read.value === null) {
    const reason = `${lineCounts.at(-1)} lines of it are more than RDS gives in one answer, without the newest`;
    return { value: null, missing: [{ what: `log file ${name}`, reason, howToSee: null }] };
  }
  const text = endOf(read.value);
  const portion = {
    file: name,
    kind,
    lastWrittenAt: lastWritten === undefined ? null : new Date(lastWritten).toISOString(),
    text,
    truncated: text.length < read.value.length || text.length < size,
  };
  return { value: portion, missing: [] };
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
