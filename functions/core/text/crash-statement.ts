/** https://dev.mysql.com/doc/refman/8.4/en/crashing.html */
const crash = /\b(?:mysqld|mariadbd)(?:-debug)? got signal \d+\s?;?\s*$/;
const query = /^Query \((?:0x)?[\da-f]{1,16}\): ((?!is an invalid pointer|\(null\)|Connection ID \()\S.*)$/;
/** Between them stands the stack. */
const reach = 120;
const joint = " Query in it: ";

/** The lines with the statement that ran as the server crashed on the line that tells of the crash. */
export function withCrashStatements(lines: readonly string[]): readonly string[] {
  const joined = [...lines];
  let last = -1;
  for (const [at, line] of lines.entries()) {
    if (crash.test(line)) last = at;
    const ran = last >= 0 && at - last <= reach ? query.exec(line)?.[1] : undefined;
    if (ran === undefined) continue;
    joined[last] += joint + ran;
    last = -1;
  }
  return joined;
}

/** What a line of a crash says, and the statement on it; null: it has none. */
export function crashStatement(text: string): readonly [says: string, statement: string] | null {
  const at = text.indexOf(joint);
  const says = text.slice(0, at);
  return at < 0 || !crash.test(says) ? null : [says, text.slice(at + joint.length)];
}
