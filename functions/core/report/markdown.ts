import { visible } from "../text/visible.ts";

/** Text that stays text: no heading, link, image, table or HTML can be smuggled in by a name. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_{}[\]<>#|~!]/g, "\\$&")
    .replace(/^(\s*)([-+=]|\d+[.)])(?=\s|$)/, "$1\\$2");
}

/** The fence is longer than any run of backticks inside. */
export function fenced(code: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${visible(code)}\n${fence}`;
}

/** Inline code of a table cell or a sentence. A pipe ends a cell even inside code, unless escaped. */
export function codeSpan(code: string): string {
  const text = oneLine(code).replaceAll("|", "\\|");
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, " ").trim();
}
