/**
 * Of a regular expression one for each branch of each of its groups, in which the group has that branch alone. Branches
 * of groups that may be absent, that repeat or that look ahead are left as they are.
 */
export function branchesOf(pattern: RegExp): readonly RegExp[] {
  const { source, flags } = pattern;
  return groupsIn(source).flatMap(({ start, end, branches }) =>
    branches.map((branch) => new RegExp(`${source.slice(0, start)}(?:${branch})${source.slice(end)}`, flags)),
  );
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly branches: readonly string[];
}

/** What is escaped, a class of characters, or one sign. */
const part = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/g;

function groupsIn(source: string): readonly Group[] {
  const groups: Group[] = [];
  const open: { start: number; cuts: number[] }[] = [];
  for (const { 0: sign, index: at } of source.matchAll(part)) {
    if (sign === "(") open.push({ start: at, cuts: [at + 1] });
    if (sign === "|") open.at(-1)?.cuts.push(at + 1);
    const closed = sign === ")" ? open.pop() : undefined;
    if (closed !== undefined) groups.push(...choiceOf(source, closed, at));
  }
  return groups;
}

function choiceOf(
  source: string,
  { start, cuts }: { readonly start: number; readonly cuts: readonly number[] },
  end: number,
): readonly Group[] {
  const branches = cuts.map((cut, index) => source.slice(cut, (cuts[index + 1] ?? end + 1) - 1));
  const isFixed = !/^\?[=!<]/.test(source.slice(start + 1)) && !/^[?*+{]/.test(source.slice(end + 1));
  if (branches.length < 2 || !isFixed) return [];
  return [{ start, end: end + 1, branches: branches.map((branch) => branch.replace(/^\?:/, "")) }];
}
