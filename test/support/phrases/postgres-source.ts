import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface SourceMessage {
  /** LOG, ERROR … as the source names it; another name where a caller tells it. */
  readonly level: string;
  /** ERRCODE_… without its beginning; "file" where the operating system's answer tells it, null: none. */
  readonly code: string | null;
  /** errmsg, errdetail, errhint … or elog. */
  readonly part: string;
  readonly text: string;
  /** Below src/backend. */
  readonly file: string;
}

/**
 * What the server can say, from the source text of PostgreSQL: `ereport(LEVEL, (errmsg("…"), errhint("…")))`.
 * https://www.postgresql.org/docs/current/error-message-reporting.html
 */
export function postgresMessages(backend: string): readonly SourceMessage[] {
  return readdirSync(backend, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[cyhl]$/.test(file))
    .toSorted()
    .flatMap((file) => messagesIn(readFileSync(join(backend, file), "utf8"), file));
}

const call = /\b(?:ereport|elog|ereport_domain|report_invalid_record)\s*\(/g;
const part =
  /\b(errmsg|errmsg_internal|errmsg_plural|errdetail|errdetail_internal|errdetail_log|errdetail_plural|errdetail_log_plural|errhint|errhint_plural)\s*\(\s*/g;

export function messagesIn(source: string, file: string): readonly SourceMessage[] {
  const plain = source.replaceAll(/\/\*[\s\S]*?\*\//g, " ");
  return [...plain.matchAll(call)].flatMap((found) => {
    const from = found.index + found[0].length;
    const body = plain.slice(from, closing(plain, from));
    const level = /^\s*(\w+)/.exec(body)?.[1] ?? "";
    const code =
      /errcode\(ERRCODE_(\w+)\)/.exec(body)?.[1] ?? (body.includes("errcode_for_") ? "file" : null);
    const parts = [...body.matchAll(part)].flatMap(({ 0: all, 1: name = "", index }) =>
      literals(body.slice(index + all.length), name.includes("plural") ? 2 : 1).map((text) => ({
        part: name,
        text,
      })),
    );
    const bare =
      parts.length > 0
        ? []
        : literals(body.replace(/^[^"]*?,\s*/, ""), 1).map((text) => ({ part: "elog", text }));
    return [...parts, ...bare].map((each) => ({ level, code, ...each, file }));
  });
}

/** Where the parenthesis is closed that was opened before `from`. */
function closing(source: string, from: number): number {
  const each = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()]/g;
  each.lastIndex = from;
  let depth = 1;
  for (let found = each.exec(source); found !== null; found = each.exec(source)) {
    if (found[0] === "(") depth++;
    if (found[0] === ")") depth--;
    if (depth === 0) return found.index;
  }
  return from;
}

/** The first texts; one may be put together of several and of the macros of a number's format. */
function literals(code: string, most: number): readonly string[] {
  const texts: string[] = [];
  for (let rest = code; texts.length < most; ) {
    const [all = ""] = /^(?:\s*(?:"(?:[^"\\]|\\.)*"|PRI\w+|U?INT64_FORMAT))+/.exec(rest) ?? [];
    if (all === "") break;
    texts.push(
      [...all.matchAll(/"((?:[^"\\]|\\.)*)"|(U?INT64_FORMAT)|PRI\w+/g)]
        .map(([, text, format]) => text ?? (format === undefined ? "d" : "%d"))
        .join("")
        .replaceAll('\\"', '"')
        .replaceAll(/\\[nt]/g, " "),
    );
    const behind = rest.slice(all.length);
    const comma = /^\s*,\s*/.exec(behind);
    if (comma === null) break;
    rest = behind.slice(comma[0].length);
  }
  return texts;
}
