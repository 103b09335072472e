/**
 * Whether a name is meant by an entry of a list: the same name, whatever the case, with `*` for any text. Tools put
 * what they are at into their name: "pgBackRest*" means "pgBackRest [backup]" too.
 */
export function isMeantBy(entry: string, name: string): boolean {
  const [first = "", ...parts] = entry.toLowerCase().split("*");
  const text = name.toLowerCase();
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  // By hand, not as a regular expression: names come from clients, and many stars would be slow to refute.
  const end = text.length - last.length;
  let from = first.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
